"""CK151: TABs, which the vendor forbids, and spaces in their place where no value can change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.syntax import Edit
from confkit.core.syntax.document import raw
from confkit.core.syntax.lines import line_end
from confkit.lint.context.lookalikes import LONGEST_PLAIN_LINE
from confkit.lint.diagnostics import Fix
from confkit.lint.rule import SYNTAX, Rule
from confkit.lint.rules.problems import entries_on, finding, section_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry, Section
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

# Compiled when they are used: a good file has no TAB.
_COMMENT_SIGN = rb"\s*(#+|//+|/\*+|;+)[ \t]*"
_HEADER_REST = rb"[ \t]*=?[ \t]*\{"
_WIDTH = 4  # columns of a TAB at the start of a line


def tab(context: LintContext) -> Iterator[Finding]:
    r"""A line contains a TAB.

    ## Why

    The vendor says never to insert TAB characters into either file, spaces only, and does not say what happens. The
    public readers take a TAB for a space. Comments outside sections are left alone.

    ## Bad

    ```conf escaped
    CardReader = {
    \tRemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
        RemoteCommand = 1;
    }
    ```

    ## Source

    The vendor's page on timeouts and the summary of the configuration file, thalesdocs.com: "Never insert TAB
    characters".
    """
    found = context.problems("tab")
    entries = entries_on(context.document, {problem.line for problem in found})
    headers = {section.line: section for section in context.document.sections} if found else {}
    starts = [section.line for section in context.document.sections]
    cope = context.readers_cope
    for problem in found:
        line = context.document.lines[problem.line - 1]
        if re.match(_COMMENT_SIGN, line) and section_at(context.document, starts, problem.line) is None:
            continue
        entry = entries.get(problem.line)
        edits = tuple(_edits(context, problem.line, entry, headers.get(problem.line)))
        fix = Fix("Put spaces in place of the TABs", safe=cope, edits=edits) if edits else None
        what = problem._replace(section=entry.section, key=entry.name) if entry else problem
        yield finding(what, "TAB: the vendor allows spaces only", fix=fix)


def _edits(context: LintContext, number: int, entry: Entry | None, header: Section | None) -> Iterator[Edit]:
    """Yield an edit for each run of spaces with a TAB that is no part of a name, a value or a comment's text."""
    line = context.document.lines[number - 1]
    content = len(line.rstrip())
    margin = len(line) - len(line.lstrip()) if content else 0  # a line of spaces has its end alone
    wide = not context.document.windows and len(line.expandtabs(_WIDTH)) <= LONGEST_PLAIN_LINE
    yield from _spaces(number, line, 0, margin, _WIDTH if wide else 1)
    sign = re.match(_COMMENT_SIGN, line)
    if entry:
        yield from _spaces(number, line, entry.start + len(raw(entry.name)), entry.value_start, 1)
        if len(line) <= LONGEST_PLAIN_LINE:  # in a longer one luna_getprop would find another border of its pieces
            yield from _spaces(number, line, entry.value_end, entry.end - 1 if entry.terminated else entry.end, 0)
    elif header and re.fullmatch(_HEADER_REST, line[header.end : content]):
        yield from _spaces(number, line, header.end, content, 1)
    elif sign:
        yield from _spaces(number, line, sign.end(1), sign.end(), 1)
    last = max(content, entry.end) if entry else content
    yield from _spaces(number, line, last, len(line) - len(line_end(line)), 0)


def _spaces(number: int, line: bytes, start: int, end: int, width: int) -> Iterator[Edit]:
    """Yield the edit that puts `width` spaces in place of each TAB between two columns; 0 removes all spaces there."""
    run = line[start:end]
    if b"\t" in run:
        text = run.expandtabs(width) if width > 1 else run.replace(b"\t", b" ") if width else b""
        yield Edit(number, start, end, text)


RULES = (Rule("CK151", "tab", "warning", tab, kinds=SYNTAX),)
