"""What a rule is: its code, its name, its severity, and the generator that finds; its docstring is its page."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.severity import Severity
from confkit.lint.context.file_kind import FileKind
from confkit.lint.diagnostics import Finding

if TYPE_CHECKING:
    from confkit.lint.context.lint_context import LintContext


# Of rules that know the syntax alone: they look at the file of another program too.
SYNTAX: frozenset[FileKind] = frozenset({"client", "ped-server"})


class Rule(NamedTuple):
    """A rule: its stable code and name, its severity, and the generator that finds. Its docstring is its page."""

    code: str
    name: str
    severity: Severity
    find: Callable[["LintContext"], Iterator[Finding]]
    lowered_to: tuple[Severity, ...] = ()
    """The severities of findings that rest on less certain facts"""
    kinds: frozenset[FileKind] = frozenset({"client"})
    """The kinds of file that it looks at"""
    hides: tuple[str, ...] = ()
    """Beginnings of the codes that are silent on a line where this rule has a finding: they see the same fault"""
