"""Findings as an editor shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.escape import escape
from confkit.core.redact import BY_CONTENT
from confkit.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.core.severity import Severity
    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile
    from confkit.lsp.open_file import OpenFile

SOURCE = "confkit"
NOT_LINTED = "not-linted"  # the code of what keeps a file from being linted, which no rule has
_SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
# By the name of the rule: what no program reads is shown faded, what the vendor gives up struck through.
TAGS = {
    "text-after-semicolon": types.DiagnosticTag.Unnecessary,
    "stray-text": types.DiagnosticTag.Unnecessary,
    "entry-outside-section": types.DiagnosticTag.Unnecessary,
    "other-platform-entry": types.DiagnosticTag.Unnecessary,
    "deprecated": types.DiagnosticTag.Deprecated,
    "unsupported-by-client": types.DiagnosticTag.Deprecated,
}


def diagnostics(file: OpenFile, result: LintedFile) -> list[types.Diagnostic]:
    """Return the findings of a file; what kept it from being linted stands at its beginning."""
    source = Source(result.document, result.fixed)
    found = [_diagnostic(file, finding, source) for finding in result.diagnostics]
    return [*_not_linted(result.error), *found]


def at(file: OpenFile, findings: Sequence[Diagnostic], span: types.Range) -> list[Diagnostic]:
    """Return the findings that a range touches."""
    return [
        each
        for each in findings
        if each.line - 1 <= span.end.line and span.start.line <= each.end_line - 1 and _touch(file.range_of(each), span)
    ]


def _touch(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def _diagnostic(file: OpenFile, finding: Diagnostic, source: Source) -> types.Diagnostic:
    tag = TAGS.get(finding.name)
    return types.Diagnostic(
        range=file.range_of(finding),
        message=source.advice(finding),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(finding.url),
        source=SOURCE,
        tags=[tag] if tag else None,
        related_information=_related(file, finding),
    )


def _related(file: OpenFile, finding: Diagnostic) -> list[types.DiagnosticRelatedInformation] | None:
    if finding.first_line is None:
        return None
    line = file.document.lines[finding.first_line - 1]
    place = file.range(finding.first_line, len(line) - len(line.lstrip()), len(line.rstrip()))
    return [types.DiagnosticRelatedInformation(types.Location(file.uri, place), "the first one is here")]


def _not_linted(error: str | None) -> list[types.Diagnostic]:
    if error is None:
        return []
    beginning = types.Range(types.Position(0, 0), types.Position(0, 0))
    message = escape(BY_CONTENT.hide(error))
    return [types.Diagnostic(beginning, message, types.DiagnosticSeverity.Error, code=NOT_LINTED, source=SOURCE)]
