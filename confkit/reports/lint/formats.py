"""The formats of a lint report, by name: each is a module with `report(results, context)`, imported when it is used.

Adding one takes its module, a line in `FORMATS`, its test and its page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from confkit.reports.colour import uncoloured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from confkit.core.severity import Severity
    from confkit.lint.results import LintedFile
    from confkit.lint.rule import Rule
    from confkit.reports.colour import Paint

# name -> module of this package
FORMATS = {
    "text": "text",
    "json": "json_format",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "gitlab": "gitlab",
}
PREFLIGHT_FORMATS = {**FORMATS, "nagios": "nagios"}  # one line, for a monitor that looks at one host


class ReportContext(NamedTuple):
    """What a report needs beside the results.

    `rules` are all that may be reported, whether they found something or not; `fail_on` is the severity from which a
    finding fails the lint; `paint` colours text for a terminal.
    """

    rules: Sequence[Rule]
    fail_on: Severity = "error"
    paint: Paint = uncoloured


def report(name: str, results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:
    """Return the results in the format `name`, in pieces: a lint of 100,000 files is not held in memory."""
    module = import_module(f"confkit.reports.lint.{PREFLIGHT_FORMATS[name]}")
    pieces: Iterator[str] = module.report(results, context)
    return pieces
