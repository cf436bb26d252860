"""A preflight by the conventions of Nagios and Icinga plug-ins: one line, performance data behind a bar.

https://www.monitoring-plugins.org/doc/guidelines.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.escape import escape
from confkit.core.severity import SEVERITIES
from confkit.lint.results import summary_of
from confkit.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.lint.results import LintedFile
    from confkit.reports.lint.formats import ReportContext

UNKNOWN = 3
_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_MAX_SHOWN = 3  # findings in the line; the first is what a pager shows


def state(result: LintedFile) -> int:
    """Return the plug-in's exit code: 2 where there is an error, 1 where there is a warning, else 0."""
    severities = {each.severity for each in result.diagnostics}
    return 2 if "error" in severities else 1 if "warning" in severities else 0


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:  # noqa: ARG001 - as every format
    """Yield the line of the one file that a preflight looks at."""
    for result in results:
        yield f"{line(result)}\n"


def line(result: LintedFile) -> str:
    """Return the plug-in's line: what was found, the most severe first, and how many of each severity."""
    source = Source(result.document, result.fixed)
    counts = summary_of([result])
    found = sorted(result.diagnostics, key=lambda each: SEVERITIES.index(each.severity))
    grave = [each for each in found if each.severity != "info"]
    told = "; ".join(f"{each.code} {source.sentence(each.message)}" for each in grave[:_MAX_SHOWN])
    more = f"; and {len(grave) - _MAX_SHOWN} more" if len(grave) > _MAX_SHOWN else ""
    data = f"'errors'={counts.errors};;0;0 'warnings'={counts.warnings};0;;0 'infos'={counts.infos};;;0"
    return f"{_head(state(result), told + more or 'nothing found')} | {data}"


def unknown(reason: str) -> str:
    """Return the line of a preflight that could not look."""
    return _head(UNKNOWN, reason)


def _head(code: int, message: str) -> str:
    # the bar starts the performance data
    return escape(f"LUNA PREFLIGHT {_WORDS[code]} - {message}").replace("|", "/")
