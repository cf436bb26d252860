"""The lint as a Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
import json
import posixpath
from typing import TYPE_CHECKING, Any

from confkit.core.escape import escape, without_commands_in_json
from confkit.lint.fingerprints import fingerprinted
from confkit.lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.core.severity import Severity
    from confkit.lint.results import LintedFile
    from confkit.reports.lint.formats import ReportContext

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:  # noqa: ARG001 - as every format
    """Yield the findings of all files as JSON; a file that could not be linted is a finding of its own.

    Each file must be in `results` once: a fingerprint is made from the path and the finding.
    """
    separator = "["
    for result in results:
        for violation in _violations(result):
            yield f"{separator}{without_commands_in_json(json.dumps(violation))}"
            separator = ", "
    yield "[]\n" if separator == "[" else "]\n"


def _violations(result: LintedFile) -> Iterator[dict[str, Any]]:
    if result.error is not None:
        yield _violation("not-linted", escape(result.error), "critical", _place(result.path, 1), "")
    source = Source(result.document, result.fixed)
    for finding, reason, fingerprint in fingerprinted(result, source):
        if reason is None:
            message, severity = source.sentence(finding.message), _SEVERITIES[finding.severity]
            yield _violation(finding.code, message, severity, _place(result.path, finding.line), fingerprint)


def _place(path: str, line: int) -> dict[str, Any]:
    """Return a location as GitLab wants it: the path does not start with a dot and a slash."""
    return {"path": escape(posixpath.normpath(path)), "lines": {"begin": line}}


def _violation(check: str, message: str, severity: str, place: dict[str, Any], fingerprint: str) -> dict[str, Any]:
    unique = json.dumps([place["path"], check, fingerprint]).encode()
    return {
        "description": f"{check}: {message}",
        "check_name": check,
        "fingerprint": hashlib.sha256(unique).hexdigest(),
        "severity": severity,
        "location": place,
    }
