"""The lint as SARIF 2.1.0, for GitHub code scanning and other servers.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
What GitHub makes of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

The fingerprint has a name of our own. The one that GitHub looks at, primaryLocationLineHash, is left to its upload
action: that computes it from the file, and warns of every finding that brings another.
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import MASK
from confkit.core.syntax.document import readable
from confkit.core.version import VERSION
from confkit.lint.fingerprints import fingerprinted
from confkit.lint.source import Source, quoted_span, utf16
from confkit.reports.lint.edits import text_edits
from confkit.reports.lint.sarif_driver import LEVELS, driver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confkit.lint.diagnostics import Diagnostic, Fix
    from confkit.lint.fingerprints import Fingerprinted
    from confkit.lint.results import LintedFile
    from confkit.reports.lint.edits import TextEdit
    from confkit.reports.lint.formats import ReportContext

    Json = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000  # GitHub refuses more in one run
_ROOT = "SRCROOT"
_FINGERPRINT = "confkitFinding/v1"
_LONGEST_SNIPPET = 1000  # a longer line is left out: cut, it would not be what the region says


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:
    """Yield the findings of all files, suppressed ones marked as such, as one SARIF log with one run.

    All rules are listed, whether they found something or not: GitHub closes an alert when its rule is listed and finds
    nothing any more. Of more than `MAX_RESULTS` findings the most severe are kept, and a notification tells how many
    there were.
    """
    indexes = {rule.code: index for index, rule in enumerate(context.rules)}
    kept = _MostSevere()
    notifications: list[Json] = []
    for result in results:
        for each in _results(result, indexes):
            kept.add(each)
        if result.error is not None:
            notifications.append(_failed(result))
    executed = not notifications
    if kept.count > MAX_RESULTS:
        message = f"{kept.count} findings; only the {MAX_RESULTS} most severe are in this log"
        notifications.append({"level": "warning", "message": {"text": message}})
    run = {
        "tool": {"driver": driver(context.rules, VERSION)},
        "invocations": [{"executionSuccessful": executed, "toolExecutionNotifications": notifications}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The directory in which confkit was started."}}},
        "columnKind": "utf16CodeUnits",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "redactionTokens": [MASK],
    }
    # not indented: that takes three times as long
    head = json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}).removesuffix("}]}")
    yield f'{without_commands_in_json(head)}, "results": ['
    separator = ""
    for written in kept.written():
        yield f"{separator}{written}"
        separator = ", "
    yield "]}]}\n"


def _results(result: LintedFile, indexes: Mapping[str, int]) -> Iterator[Json]:
    source = Source(result.document, result.fixed)
    for each in fingerprinted(result, source):
        yield _result(each, source, indexes)


def _result(found: Fingerprinted, source: Source, indexes: Mapping[str, int]) -> Json:
    finding = found.finding
    result: Json = {"ruleId": finding.code}
    if finding.code in indexes:
        result["ruleIndex"] = indexes[finding.code]
    location: Json = {"physicalLocation": _physical(finding, source)}
    if finding.key or finding.section:
        location["logicalLocations"] = [_logical(finding, source)]
    result |= {
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding, source)},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: found.fingerprint},
        "suppressions": [] if found.reason is None else [_suppression(found.reason)],
    }
    if finding.fix:
        result["fixes"] = _fixes(finding.fix, finding.path, source)
    return result


def _physical(finding: Diagnostic, source: Source) -> Json:
    line, quoted = source.line(finding.line), source.quoted(finding.line)
    region: Json = {
        "startLine": finding.line,
        "startColumn": utf16(line, finding.column),
        "endLine": finding.end_line,
        "endColumn": utf16(source.line(finding.end_line), finding.end_column),
    }
    physical: Json = {"artifactLocation": _artifact(finding.path), "region": region}
    if source.has(finding.line) and finding.end_line == finding.line and len(quoted) <= _LONGEST_SNIPPET:
        start, end = quoted_span(line, quoted, finding.column - 1, finding.end_column - 1)
        region["snippet"] = {"text": readable(quoted[start:end])}
        physical["contextRegion"] = {"startLine": finding.line, "snippet": {"text": readable(quoted)}}
    return physical


def _logical(finding: Diagnostic, source: Source) -> Json:
    names = [source.name(name) for name in (finding.section, finding.key) if name is not None]
    return {"name": names[-1], "fullyQualifiedName": "/".join(names)}


def _message(finding: Diagnostic, source: Source) -> str:
    """Return message and help; what would be a link in SARIF (3.11.6) is none when it comes from a file."""
    text = source.advice(finding)
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _fixes(fix: Fix, path: str, source: Source) -> list[Json]:
    """Return the fix, or nothing where its edits cannot be handed on."""
    replacements = [_replacement(edit, source) for edit in text_edits(fix, source)]
    if not replacements:
        return []
    return [
        {
            "description": {"text": source.sentence(fix.description)},
            "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
            "properties": {"safe": fix.safe},
        }
    ]


def _replacement(edit: TextEdit, source: Source) -> Json:
    region = {
        "startLine": edit.line,
        "startColumn": utf16(source.line(edit.line), edit.column),
        "endLine": edit.end_line,
        "endColumn": utf16(source.line(edit.end_line), edit.end_column),
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _suppression(reason: str) -> Json:
    return {"kind": "external", "status": "accepted", "justification": escape(reason)}


def _failed(result: LintedFile) -> Json:
    location = {"physicalLocation": {"artifactLocation": _artifact(result.path)}}
    return {"level": "error", "message": {"text": escape(result.error or "")}, "locations": [location]}


def _artifact(path: str) -> Json:
    """Return a path as a URI: below the folder confkit was started in, or a whole one for an absolute path."""
    normal = posixpath.normpath(path).encode("utf-8", "surrogateescape")
    if normal.startswith(b"/"):
        return {"uri": "file:///" + quote(normal.lstrip(b"/"))}
    return {"uri": quote(normal), "uriBaseId": _ROOT}


class _MostSevere:
    """At most `MAX_RESULTS` results as JSON, in the order they came: suppressed ones are left out first, then by level.

    They are written at once, since that takes a fraction of the memory, and sorted out now and then.
    """

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[tuple[int, int, str]] = []

    def add(self, result: Json) -> None:
        """Add a result."""
        rank = len(LEVELS) * bool(result["suppressions"]) + list(LEVELS.values()).index(result["level"])
        self._kept.append((rank, self.count, without_commands_in_json(json.dumps(result))))
        self.count += 1
        if len(self._kept) > MAX_RESULTS + MAX_RESULTS // 10:
            self._sort_out()

    def written(self) -> Iterator[str]:
        """Yield the results that are kept."""
        self._sort_out()
        for _, _, written in sorted(self._kept, key=lambda each: each[1]):
            yield written

    def _sort_out(self) -> None:
        self._kept.sort()
        del self._kept[MAX_RESULTS:]
