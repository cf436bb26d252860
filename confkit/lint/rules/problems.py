"""From what the parser reports to findings, for the rules of layout."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from confkit.lint.diagnostics import Finding

if TYPE_CHECKING:
    from confkit.core.severity import Severity
    from confkit.core.syntax import Document, Entry, Problem, Section
    from confkit.lint.diagnostics import Fix


def finding(
    problem: Problem,
    message: str,
    *,
    fix: Fix | None = None,
    severity: Severity | None = None,
    advice: str | None = None,
) -> Finding:
    """Return a finding at the place of a problem."""
    return Finding(
        message,
        *(problem.line, problem.start, problem.end, problem.section, problem.key),
        help=advice,
        fix=fix,
        severity=severity,
    )


def entries_on(document: Document, lines: set[int]) -> dict[int, Entry]:
    """Return the entries that stand on `lines`; one pass over the document."""
    if not lines:
        return {}
    return {entry.line: entry for section in document.sections for entry in section.entries if entry.line in lines}


def section_at(document: Document, starts: list[int], line: int) -> int | None:
    """Return the index of the section in whose body `line` stands; `starts` are the lines on which sections begin."""
    index = bisect_right(starts, line) - 1
    if index < 0:
        return None
    section: Section = document.sections[index]
    last = section.end_line - 1 if section.closed and not document.windows else section.end_line
    return index if section.open_line < line <= last else None
