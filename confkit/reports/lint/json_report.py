"""The lint as JSON: what schemas/json/lint.json describes.

The text is ASCII: whatever a file holds, no control character comes out as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from confkit.core.syntax.document import readable
from confkit.reports.lint.edits import text_edits
from confkit.reports.lint.models import LintDiagnostic, LintEdit, LintFix, LintReport, LintSummary
from confkit.reports.lint.results import summary_of
from confkit.reports.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.lint.diagnostics import Diagnostic, Fix
    from confkit.reports.lint.results import FileResult


def report(results: Sequence[FileResult]) -> str:
    """Return the findings of all files as JSON; suppressed findings and unreadable files are not in it."""
    seen = LintReport(
        summary=LintSummary(**summary_of(results)._asdict()),
        diagnostics=tuple(each for result in results for each in _diagnostics(result)),
    )
    return json.dumps(seen.model_dump(mode="json"), indent=2) + "\n"


def _diagnostics(result: FileResult) -> Iterator[LintDiagnostic]:
    source = Source(result.document)
    for finding in result.diagnostics:
        yield _diagnostic(finding, source)


def _diagnostic(finding: Diagnostic, source: Source) -> LintDiagnostic:
    return LintDiagnostic(
        code=finding.code,
        name=finding.name,
        severity=finding.severity,
        message=source.sentence(finding.message),
        path=readable(finding.path),
        line=finding.line,
        column=finding.column,
        end_line=finding.end_line,
        end_column=finding.end_column,
        section=None if finding.section is None else source.name(finding.section),
        key=None if finding.key is None else source.name(finding.key),
        help=source.sentence(finding.help) if finding.help else None,
        url=finding.url,
        fix=_fix(finding.fix, source) if finding.fix else None,
    )


def _fix(fix: Fix, source: Source) -> LintFix:
    edits = tuple(LintEdit(**edit._asdict()) for edit in text_edits(fix, source))
    return LintFix(description=source.sentence(fix.description), safe=fix.safe, edits=edits)
