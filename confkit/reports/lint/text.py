"""The text of a lint: each finding with its line and the exact place marked under it.

    Chrystoki.conf:2:3: error CK101 AppLogLevel has no `;` at its end
      2 |   AppLogLevel = error
        |   ^^^^^^^^^^^^^^^^^^^
        = help: ...
        = fix: Add the `;`: confkit lint --fix Chrystoki.conf

What comes from a file is escaped and its secrets are redacted; the mark is kept in its place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from confkit.core.escape import COMMAND, escape
from confkit.lint.results import Summary, counted, summary_line
from confkit.lint.source import Source, quoted_span
from confkit.reports.colour import uncoloured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.lint.diagnostics import Diagnostic, Fix
    from confkit.lint.results import LintedFile
    from confkit.reports.colour import Paint
    from confkit.reports.lint.formats import ReportContext

_WIDEST = 120  # characters of a line that are shown
_BEFORE = 40  # of which these stand before the finding, where the line is cut
_CUT = "..."
_STANDARD_INPUT = "<stdin>"  # as `confkit lint -` calls it
_MOST_KEPT = 4096  # characters whose looks are kept: what is no text has thousands of odd ones on every line


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:
    """Yield the findings file by file, then what was found in all of them."""
    summary = Summary()
    for result in results:
        summary = counted(summary, result)
        if result.diagnostics:
            yield of_file(result, context.paint)
    yield summary_line(summary)


def of_file(result: LintedFile, paint: Paint = uncoloured) -> str:
    """Return the findings in one file, each as a few lines; empty where there are none.

    That a file could not be read is not told here: errors go to standard error.
    """
    if not result.diagnostics:
        return ""
    source = Source(result.document, result.fixed)
    return "".join(f"{of_finding(each, source, paint)}\n" for each in result.diagnostics)


def of_finding(finding: Diagnostic, source: Source, paint: Paint = uncoloured) -> str:
    """Return one finding as lines of text, without the last line end."""
    severity = finding.severity
    place = f"{_path(finding.path)}:{finding.line}:{finding.column}"
    lines = [f"{place}: {paint(severity, severity)} {finding.code} {source.sentence(finding.message)}"]
    margin = " " * max(3, len(str(finding.line)))
    if source.has(finding.line):
        shown, before, marked = _line_and_mark(finding, source)
        lines.append(f"{finding.line:>{len(margin)}} | {shown}".rstrip())
        lines.append(f"{margin} | {' ' * before}{paint('^' * marked, severity)}")
    lines += [f"{margin} = {note}" for note in _notes(finding, source)]
    return "\n".join(lines)


def _notes(finding: Diagnostic, source: Source) -> Iterator[str]:
    if finding.help:
        yield f"help: {source.sentence(finding.help)}"
    if finding.fix:
        caution = "" if finding.fix.safe else " (may change what the client does)"
        description = source.sentence(finding.fix.description).removesuffix(".")
        # the command ends the line, and nothing surrounds it, so that it can be copied
        yield f"fix: {description}{caution}: {_command(finding.fix, finding.path)}"


def _command(fix: Fix, path: str) -> str:
    """Return the command that applies the fix, as a shell takes it.

    FILE stands for standard input, and for a name that no line of text can hold.
    """
    # only findings with a fix come here
    from shlex import quote  # noqa: PLC0415

    file = quote(path)
    if path == _STANDARD_INPUT or escape(file) != file:
        file = "FILE"
    elif path.startswith("-"):
        file = f"-- {file}"
    return f"confkit lint --fix{'' if fix.safe else ' --unsafe-fixes'} {file}"


def _line_and_mark(finding: Diagnostic, source: Source) -> tuple[str, int, int]:
    """Return the line as it is shown, how many columns of the terminal stand before the mark, and how many under it."""
    line, quoted = source.line(finding.line), source.quoted(finding.line)
    end = finding.end_column - 1 if finding.end_line == finding.line else len(line)
    start, end = quoted_span(line, quoted, finding.column - 1, end)
    first = 0 if len(quoted) <= _WIDEST else max(0, min(start - _BEFORE, len(quoted) - _WIDEST))
    cells = _cells(quoted[first : first + _WIDEST])
    head, tail = _CUT if first else "", _CUT if first + _WIDEST < len(quoted) else ""
    before = len(head) + _width(cells[: start - first])
    marked = _width(cells[start - first : max(0, end - first)])
    return f"{head}{''.join(cells)}{tail}", before, max(1, marked)


def _cells(piece: str) -> list[str]:
    """Return each character as it is shown: what moves the cursor or commands a build server is escaped."""
    cells = list(piece if piece.isprintable() else map(_cell, piece))
    for command in COMMAND.finditer(piece):
        cells[command.start()] = "\\x23"
    return cells


@lru_cache(_MOST_KEPT)
def _cell(character: str) -> str:
    return escape(character)


def _width(cells: list[str]) -> int:
    """Return how many columns of a terminal characters take, or the escapes that stand for them."""
    shown = "".join(cells)
    return len(shown) if shown.isascii() else sum(map(_width_of_one, cells))


@lru_cache(_MOST_KEPT)
def _width_of_one(cell: str) -> int:
    if cell.isascii():
        return len(cell)
    # only lines that are not ASCII come here
    from unicodedata import category, east_asian_width  # noqa: PLC0415

    if category(cell) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(cell) in {"W", "F"} else 1


def _path(path: str) -> str:
    """Return the path as text that gives no command to a build server, and that names the file all the same."""
    return escape(f"./{path}" if path.lstrip().startswith("::") else path)
