"""Findings as JUnit XML: a suite for each file, a test for each finding.

JUnit has no standard; this is what Jenkins reads: https://github.com/jenkinsci/xunit-plugin, junit-10.xsd (MIT).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from confkit.core.escape import escape
from confkit.core.severity import SEVERITIES
from confkit.lint.source import Source
from confkit.reports.lint.text import of_finding
from confkit.reports.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.core.severity import Severity
    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import LintedFile
    from confkit.reports.lint.formats import ReportContext

_NOT_IN_XML = re.compile("[\ufffe\uffff]")  # what XML 1.0 leaves out and `plain` lets pass


def report(results: Iterable[LintedFile], context: ReportContext) -> Iterator[str]:
    """Yield the findings of all files as XML, in ASCII.

    A finding at least as severe as `context.fail_on` is a failure; one below it, or a suppressed one, is a skipped
    test, so that the report agrees with the exit code. A file without findings is a test that passes, one that could
    not be linted an error.
    """
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    with Spool() as suites:
        for result in results:
            suite = _suite(result, context.fail_on)
            for name in totals:
                totals[name] += int(suite.get(name, "0"))
            ET.indent(suite, level=1)
            written: bytes = ET.tostring(suite, encoding="us-ascii")
            suites.write(f"  {written.decode()}\n")
        given = " ".join(f'{name}="{number}"' for name, number in totals.items())
        yield f"<?xml version='1.0' encoding='us-ascii'?>\n<testsuites name=\"confkit\" {given}>\n"
        yield from suites.pieces()
    yield "</testsuites>\n"


def _suite(result: LintedFile, fail_on: Severity) -> ET.Element:
    suite = ET.Element("testsuite", name=_xml(result.path))
    source = Source(result.document, result.fixed)
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
    return _NOT_IN_XML.sub(_escaped, escape(text))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
