"""CK15, the ends of lines: mixed, or a lone CR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.core.syntax.lines import line_end
from confkit.lint.context.lookalikes import LONGEST_PLAIN_LINE, readers_cope
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.context.lint_context import LintContext


def mixed_line_endings(context: LintContext) -> Iterator[Finding]:
    r"""Some lines end in LF, others in CR LF.

    ## Why

    The readers take both, but tools that compare or edit the file do not, and a mixture says that two programs have
    written it. Only the first line that differs is reported.

    ## Bad

    ```conf escaped
    CardReader = {
      RemoteCommand = 1;\r
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    Practice; CR LF alone is right in either form of the file.
    """
    source = context.source
    for problem in context.problems("mixed-line-ends"):
        if source.count(b"\r") == source.count(b"\r\n"):
            usual = b"\n" if source.count(b"\n") >= 2 * source.count(b"\r\n") else b"\r\n"
            yield finding(problem, "this line ending differs from most others", fix=_alike(context, source, usual))


def _alike(context: LintContext, source: bytes, usual: bytes) -> Fix:
    edits = []
    for number, line in enumerate(context.document.lines, 1):
        end = line_end(line)
        if end not in (usual, b""):
            edits.append(Edit(number, len(line) - len(end), len(line), usual))
    safe = readers_cope(source) and max(map(len, context.document.lines)) <= LONGEST_PLAIN_LINE
    return Fix("End all lines alike", safe=safe, edits=tuple(edits))


def lone_carriage_return(context: LintContext) -> Iterator[Finding]:
    r"""A line ends in CR without LF.

    ## Why

    To a program in C such a line does not end there: luna_getprop takes it and the next one for a single line, and
    finds the first entry of the two at most. It was the line ending of computers before 2001.

    ## Bad

    ```conf escaped
    CardReader = {
      RemoteCommand = 1;\r}
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
    source = context.source
    if source.count(b"\r") == source.count(b"\r\n"):
        return
    first = next(number for number, line in enumerate(context.document.lines, 1) if line.endswith(b"\r"))
    width = len(context.document.lines[first - 1])
    usual = b"\r\n" if b"\r\n" in source else b"\n"
    fix = _alike(context, source, usual)
    message = "a line that ends in CR alone runs into the next one for some programs"
    yield Finding(message, first, width - 1, width, fix=fix._replace(safe=False))


RULES = (
    Rule("CK156", "mixed-line-endings", "info", mixed_line_endings, kinds=SYNTAX),
    Rule("CK157", "lone-carriage-return", "warning", lone_carriage_return, kinds=SYNTAX),
)
