"""CK13, comments inside a section: programs that know no comments read what they hold.

A comment outside any section harms nobody that these rules know of. The Windows form has comments: its readers skip
lines that start with `;`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding, section_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Problem
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_BY_ITSELF = (b"#", b"//")  # a line that is a comment whatever stands above it


def comment_holds_entry(context: LintContext) -> Iterator[Finding]:
    """A comment inside a section contains an entry.

    ## Why

    luna_getprop and pkcs11_luna know no comments: above the live entry, `# Key = value;` wins over it, and without a
    live entry it counts as one. A value that was switched off by a `#` is in force for such programs. A program asks
    for the same name in one section only, so above the header the comment is harmless.

    ## Bad

    ```conf
    CardReader = {
      # LunaG5Slots = 3;
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    # LunaG5Slots = 3;
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); larskanis/pkcs11,
    pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    found = [problem for problem in _inside(context, "comment-holds-entry") if _is_read(context, problem)]
    if not found:
        return
    # a good file has no comment to move
    from confkit.lint.rules.moving import ground, move_out  # noqa: PLC0415

    land = ground(context, found)
    for problem in found:
        alone = context.document.lines[problem.line - 1].lstrip().startswith(_BY_ITSELF)
        fix = move_out(land, problem.line, problem.start) if alone else None
        message = f"some programs read {problem.key} in this comment: it belongs outside the section"
        yield finding(problem, message, fix=fix)


def _is_read(context: LintContext, problem: Problem) -> bool:
    """Return whether a reader finds an entry in the comment: it has a `;` and does not end another entry's line."""
    line = context.document.lines[problem.line - 1]
    comment, before = line[problem.start : problem.end], line[: problem.start]
    return b";" in comment.partition(b"=")[2] and not before.strip()


def _inside(context: LintContext, code: str) -> Iterator[Problem]:
    """Yield the problems of this code in the sections of the UNIX form, also those inside /* */, with their section."""
    starts = [section.line for section in context.document.sections]
    for problem in context.problems(code) if not context.document.windows else ():
        index = section_at(context.document, starts, problem.line)
        if index is not None:
            yield problem._replace(section=context.document.sections[index].name)


def comment_holds_brace(context: LintContext) -> Iterator[Finding]:
    """A comment inside a section contains a brace.

    ## Why

    The public readers take it for a brace of the file: a `}` ends the section for all three of them, and every entry
    below is lost without a message.

    ## Bad

    ```conf
    CardReader = {
      # see {1}
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    # see {1}
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT); ThalesGroup/pycryptoki,
    pycryptoki/cryptoki/helpers.py (Apache-2.0); larskanis/pkcs11, pkcs11_luna/lib/pkcs11_luna/extensions.rb (MIT).
    """
    for problem in _inside(context, "comment-holds-brace"):
        yield finding(problem, "some programs take the brace in this comment for the bound of a section")


RULES = (
    Rule("CK131", "comment-holds-entry", "warning", comment_holds_entry, kinds=SYNTAX),
    Rule("CK132", "comment-holds-brace", "warning", comment_holds_brace, kinds=SYNTAX),
)
