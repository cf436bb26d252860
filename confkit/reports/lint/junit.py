"""Findings as JUnit XML: a suite for each file, a test for each finding.

JUnit has no standard; this is what Jenkins reads: https://github.com/jenkinsci/xunit-plugin, junit-10.xsd (MIT).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from confkit.core.escape import plain
from confkit.lint.diagnostics import SEVERITIES
from confkit.reports.lint.source import Source
from confkit.reports.lint.text import of_finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lint.diagnostics import Diagnostic, Severity
    from confkit.reports.lint.results import FileResult

_NOT_IN_XML = re.compile("[\ufffe\uffff]")  # what XML 1.0 leaves out and `plain` lets pass


def report(results: Sequence[FileResult], fail_on: Severity = "error") -> str:
    """Return the findings of all files as XML, in ASCII.

    A finding as severe as `fail_on` is a failure; one below it, or a suppressed one, is a skipped test, so that the
    report agrees with the exit code. A file without findings is a test that passes, one that could not be read an
    error.
    """
    root = ET.Element("testsuites", name="confkit")
    for result in results:
        root.append(_suite(result, fail_on))
    for outcome, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        root.set(outcome, str(sum(1 for _ in root.iter(tag))))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode() + "\n"


def _suite(result: FileResult, fail_on: Severity) -> ET.Element:
    suite = ET.Element("testsuite", name=_xml(result.path))
    source = Source(result.document)
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    for finding in result.diagnostics:
        _finding(suite, finding, source, "failure" if finding.severity in failing else "skipped", finding.severity)
    for finding, reason in result.suppressed:
        _finding(suite, finding, source, "skipped", f"suppressed ({reason})")
    if result.error is not None:
        ET.SubElement(_test(suite, "readable"), "error", message=_xml(result.error), type="not-linted")
    elif not len(suite):
        _test(suite, "no findings")
    for outcome, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(outcome, str(sum(1 for _ in suite.iter(tag))))
    return suite


def _finding(suite: ET.Element, finding: Diagnostic, source: Source, outcome: str, heading: str) -> None:
    test = _test(suite, f"{finding.code} {finding.name} at {finding.line}:{finding.column}")
    message = f"{heading}: {source.sentence(finding.message)}"
    told = ET.SubElement(test, outcome, message=_xml(message), type=finding.code)
    told.text = _NOT_IN_XML.sub(_escaped, of_finding(finding, source))


def _test(suite: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=_xml(name), classname=suite.get("name", ""))


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub(_escaped, plain(text))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
