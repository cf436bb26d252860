"""CK11, headers of sections in a form that some programs do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.lint.diagnostics import Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Section
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def brace_on_next_line(context: LintContext) -> Iterator[Finding]:
    """The opening brace is on the line after the section name.

    ## Why

    luna_getprop looks for the name and the brace on one line; for it the section does not exist.

    ## Bad

    ```conf
    CardReader =
    {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT).
    """
    found = context.problems("brace-on-next-line")
    sections = {section.open_line: section for section in context.document.sections} if found else {}
    for problem in found:
        section = sections.get(problem.line)
        fix = _join(context, section) if section and section.line != problem.line else None
        message = f"some programs do not find section {problem.key}: its brace is on the next line"
        yield finding(problem, message, fix=fix)


def _join(context: LintContext, section: Section) -> Fix | None:
    source = context.document.lines[section.open_line - 1]
    if source.strip() != b"{":
        return None
    above = context.document.lines[section.line - 1]
    end = len(above.rstrip())
    added = b" {" if above.rstrip().endswith(b"=") else b" = {"
    edits = (Edit(section.line, end, end, added), Edit(section.open_line, 0, len(source), b""))
    return Fix("Put the brace on the line of the name", safe=False, edits=edits)


def header_without_equals(context: LintContext) -> Iterator[Finding]:
    """A section name is not followed by `=`.

    ## Why

    Every example of the vendor has `Name = {`. Without the `=`, pycryptoki says that there is no such section.

    ## Bad

    ```conf
    CardReader {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/pycryptoki, pycryptoki/cryptoki/helpers.py (Apache-2.0).
    """
    for problem in context.problems("header-without-equals"):
        fix = Fix("Add the `=`", safe=False, edits=(Edit(problem.line, problem.end, problem.end, b" ="),))
        yield finding(problem, f"some programs do not find section {problem.section}: no `=` after its name", fix=fix)


RULES = (
    Rule("CK115", "brace-on-next-line", "warning", brace_on_next_line, kinds=SYNTAX),
    Rule("CK116", "header-without-equals", "warning", header_without_equals, kinds=SYNTAX),
)
