"""What every report of the linter is made from: one result for each file, and the count over all of them."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

from confkit.core.syntax import Document
from confkit.lint.diagnostics import Diagnostic


class FileResult(NamedTuple):
    """What the linter found in one file.

    `path` is shown as it is: relative where possible. `document` is None for a file that could not be read; `error`
    then says why, in one sentence without the path. `suppressed` are findings that a baseline or a per-file ignore
    keeps out of the result, each with the reason.
    """

    path: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[tuple[Diagnostic, str], ...] = ()
    error: str | None = None


class Summary(NamedTuple):
    """How many files were looked at, those that could not be read included, and how many findings count."""

    files: int
    errors: int
    warnings: int
    infos: int


def counted(summary: Summary, result: FileResult) -> Summary:
    """Return the summary with one more file in it."""
    severities = [each.severity for each in result.diagnostics]
    return Summary(
        summary.files + 1,
        summary.errors + severities.count("error"),
        summary.warnings + severities.count("warning"),
        summary.infos + severities.count("info"),
    )


def summary_of(results: Iterable[FileResult]) -> Summary:
    """Count files and findings; what is suppressed does not count."""
    return reduce(counted, results, Summary(0, 0, 0, 0))


def summary_line(summary: Summary) -> str:
    """Return the last line of a text report: what was found in how many files."""
    counts = (_count(summary.errors, "error"), _count(summary.warnings, "warning"), _count(summary.infos, "info"))
    return f"{_count(summary.files, 'file')}: {', '.join(counts)}\n"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
