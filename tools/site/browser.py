"""What the playground calls in Pyodide: lint and fix the bytes of one file, as `confkit lint` does.

The standard library is all that it needs. In the site's archive it lies beside the package confkit.
"""

from __future__ import annotations

import io

from confkit.core.errors import ConfkitError
from confkit.lint.inputs import read_stream
from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.results import LintedFile
from confkit.lint.rules import RULES
from confkit.reports.lint.formats import ReportContext, report

_OPTIONS = LintOptions(RULES)


def lint(name: str, source: bytes) -> tuple[str, str | None]:
    """Return the findings as `confkit lint --format json` prints them, and why the file was not linted to its end."""
    linted = _linted(name, source, _OPTIONS)
    return "".join(report("json", [linted], ReportContext(RULES))), linted.error


def fix(name: str, source: bytes) -> tuple[bytes, int]:
    """Return the file as `confkit lint --fix` leaves it, and how many findings it fixed."""
    fixed = _linted(name, source, _OPTIONS._replace(fix="show")).fixed
    return (fixed.after, len(fixed.codes)) if fixed else (source, 0)


def _linted(name: str, source: bytes, options: LintOptions) -> LintedFile:
    try:
        return lint_source(name, read_stream(io.BytesIO(source), name), options)
    except ConfkitError as error:
        return LintedFile(name, None, (), error=error.message)
