"""CK11, braces: the bounds of sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.core.syntax.lines import line_end
from confkit.lint.diagnostics import Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Section
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

_PIECE = rb"[^{};]*[{};]|[^{};]+\Z"


def unclosed_section(context: LintContext) -> Iterator[Finding]:
    """A section is not closed.

    ## Why

    Where a program takes such a section to end is anybody's guess: at the next header, at the next brace, which closes
    another section, or at the end of the file. luna_getprop goes on into the sections below; pkcs11_luna finds nothing
    in the last one.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1;
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The form of a section in all of the vendor's examples; ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT).
    """
    found = context.problems("unclosed-section")
    sections = {section.line: section for section in context.document.sections} if found else {}
    tangled = any(problem.code in {"nested-block", "stray-brace"} for problem in context.document.problems)
    for problem in found:
        section = sections.get(problem.line)
        fix = _close(context, section) if section and section.name and not tangled else None
        missing = "`]` after its name" if context.document.windows else "closing brace"
        yield finding(problem, f"section {problem.section} has no {missing}", fix=fix)


def _close(context: LintContext, section: Section) -> Fix:
    if context.document.windows:
        edit = Edit(section.line, section.end, section.end, b"]")
        return Fix("Add the `]`", safe=False, edits=(edit,))
    line = section.entries[-1].line if section.entries else section.open_line
    source = context.document.lines[line - 1]
    end = line_end(source)
    text = b"}" + end if end else b"\n}"
    return Fix("Close the section", safe=False, edits=(Edit(line, len(source), len(source), text),))


def nested_block(context: LintContext) -> Iterator[Finding]:
    """A section contains a nested block.

    ## Why

    The file has sections and entries, and no deeper level. The first closing brace ends the section for every public
    reader, so entries behind the inner block are lost without a word. Often the brace above it is missing.

    ## Bad

    ```conf
    CardReader = {
      Misc = {
        PE1746Enabled = 0;
      }
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    Misc = {
      PE1746Enabled = 0;
    }
    ```

    ## Source

    The form of a section in all of the vendor's examples; ThalesGroup/luna-openssl-provider, engine/e_gem.c (MIT).
    """
    for problem in context.problems("nested-block"):
        yield finding(problem, f"block {problem.key} inside section {problem.section}: is a brace missing above it?")


def stray_brace(context: LintContext) -> Iterator[Finding]:
    """A brace has no partner or no name.

    ## Why

    A closing brace too many, or an opening one that belongs to no section, is what a copied or a half deleted section
    leaves behind. What the client makes of it is not documented.

    ## Bad

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    The form of a section in all of the vendor's examples.
    """
    for problem in context.problems("stray-brace"):
        yield finding(problem, f"{problem.message}: remove it, or complete the section")


def text_beside_brace(context: LintContext) -> Iterator[Finding]:
    """A brace shares its line with other text.

    ## Why

    luna_getprop reads nothing on the line of a header, so a section on one line is empty for it, and an entry beside a
    closing brace is at its mercy. In crystoki.ini nothing is read behind the name of a section.

    ## Bad

    ```conf
    CardReader = { RemoteCommand = 1; }
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
    line = 0
    for problem in context.problems("text-beside-brace"):
        what = problem.key or "text"
        beside = "the name of a section" if context.document.windows else "a brace"
        # one fix for a line: it splits all of it
        fix = None if context.document.windows or problem.line == line else _apart(context, problem.line)
        line = problem.line
        yield finding(problem, f"{what} on one line with {beside} is not read by some programs", fix=fix)


def _apart(context: LintContext, line: int) -> Fix | None:
    """Return the fix that gives every statement on a line its own; None where the line holds more than these."""
    source = context.document.lines[line - 1]
    if source.count(b"{") > 1 or source.count(b"}") > 1 or any(sign in source for sign in (b"#", b"//", b"/*", b'"')):
        return None
    pieces = [piece.strip() for piece in re.findall(_PIECE, source.strip())]
    margin = source[: len(source) - len(source.lstrip())]
    inner = margin + b"  " if b"{" in source else margin
    lines: list[bytes] = []
    for piece in pieces:
        if piece == b";" and lines and lines[-1].endswith(b"}"):
            lines[-1] += piece
        elif piece.endswith(b"}") and piece != b"}":
            lines += [inner + piece[:-1].rstrip(), margin + b"}"]
        elif piece:
            lines.append((margin if piece[-1:] in {b"{", b"}"} else inner) + piece)
    end = line_end(source)
    text = (end or b"\n").join(lines)
    edit = Edit(line, 0, len(source) - len(end), text)
    return Fix("Give each statement its own line", safe=False, edits=(edit,))


RULES = (
    Rule("CK111", "unclosed-section", "error", unclosed_section, kinds=SYNTAX),
    Rule("CK112", "nested-block", "error", nested_block, kinds=SYNTAX),
    Rule("CK113", "stray-brace", "error", stray_brace, kinds=SYNTAX),
    Rule("CK114", "text-beside-brace", "warning", text_beside_brace, kinds=SYNTAX),
)
