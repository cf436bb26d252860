"""The result of linting one file, which fixes, baseline and every report share, and how results are counted."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

from confkit.core.severity import SEVERITIES, Severity
from confkit.core.syntax import Document
from confkit.lint.diagnostics import Diagnostic


class Fixed(NamedTuple):
    """What fixing changed, or would change: the bytes, and the code of each finding that was fixed.

    `warnings` are those of the edit: that it first recovered what an interrupted edit had left, say.
    """

    before: bytes
    after: bytes
    codes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class LintedFile(NamedTuple):
    """What was found in one file.

    `document` has the lines alone, for reports to quote, and none where nothing was found: thousands of files would be
    sent from process to process. It is None where the file could not be read. `suppressed` are findings that a per-file
    ignore or a baseline keeps from counting, each with the reason. `error` says why the file was not linted, or not
    fixed, in sentences without its path.
    """

    path: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[tuple[Diagnostic, str], ...] = ()
    error: str | None = None
    fixed: Fixed | None = None


class Summary(NamedTuple):
    """How many files were looked at, and how many findings count.

    `failed` are the files with an error, `skipped` those among them that were not linted at all.
    """

    files: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    failed: int = 0
    skipped: int = 0


def counted(summary: Summary, result: LintedFile) -> Summary:
    """Return the summary with one more file in it; what is suppressed does not count."""
    severities = [each.severity for each in result.diagnostics]
    return Summary(
        summary.files + 1,
        summary.errors + severities.count("error"),
        summary.warnings + severities.count("warning"),
        summary.infos + severities.count("info"),
        summary.failed + (result.error is not None),
        summary.skipped + (result.error is not None and result.document is None),
    )


def summary_of(results: Iterable[LintedFile]) -> Summary:
    """Return how many files and findings there are."""
    return reduce(counted, results, Summary())


def exit_code(summary: Summary, fail_on: Severity) -> int:
    """Return 3 where a file could not be linted or fixed, 1 for findings at least as severe as `fail_on`, else 0."""
    if summary.failed:
        return 3
    found = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    return 1 if any(found[each] for each in SEVERITIES[: SEVERITIES.index(fail_on) + 1]) else 0


def summary_line(summary: Summary) -> str:
    """Return the end of a text report: what was found in how many files, and how many were skipped.

    Files that were skipped are not among those in which 0 errors were found.
    """
    linted, unfinished = summary.files - summary.skipped, summary.failed - summary.skipped
    lines = []
    if linted or not summary.files:
        counts = (_count(summary.errors, "error"), _count(summary.warnings, "warning"), _count(summary.infos, "info"))
        lines.append(f"{_count(linted, 'file')}: {', '.join(counts)}")
    if unfinished:
        lines.append(f"{_count(unfinished, 'file')} not linted or fixed completely{_see(unfinished)}")
    if summary.skipped:
        lines.append(f"{_count(summary.skipped, 'file')} skipped{_see(summary.skipped)}")
    return "".join(f"{line}\n" for line in lines)


def _see(number: int) -> str:
    return " (see the error above)" if number == 1 else " (see the errors above)"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
