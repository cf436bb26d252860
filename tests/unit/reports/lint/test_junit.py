from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given

from confkit.core.syntax import parse
from confkit.lint.results import LintedFile
from testing.findings import UNREADABLE, hostile_bytes, hostile_text, linted, made, reported
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from confkit.core.severity import Severity

SCHEMA = xmlschema.XMLSchema(REPOSITORY / "tests/unit/reports/lint/data/junit-10.xsd")


def report(*results: LintedFile, fail_on: Severity = "error") -> ET.Element:
    document = reported("junit", *results, fail_on=fail_on)
    SCHEMA.validate(document)
    return ET.fromstring(document)


def test_one_finding() -> None:
    result = LintedFile("x.conf", parse(b"abc\n"), (made(1, 2, 3, path="x.conf"),))
    assert reported("junit", result) == (
        "<?xml version='1.0' encoding='us-ascii'?>\n"
        '<testsuites name="confkit" tests="1" failures="1" errors="0">\n'
        '  <testsuite name="x.conf" tests="1" failures="1" errors="0" skipped="0">\n'
        '    <testcase name="CK199 any-problem at 1:2" classname="x.conf">\n'
        '      <failure message="error: this is wrong" type="CK199">x.conf:1:2: error CK199 this is wrong\n'
        "  1 | abc\n"
        "    |  ^</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("info", 3)])
def test_what_fails_is_what_the_exit_code_says(fail_on: Severity, failures: int) -> None:
    findings = tuple(made(severity=severity) for severity in ("error", "warning", "info"))
    suite = report(LintedFile("a", parse(b"x\n"), findings, ((made(), "known"),)), fail_on=fail_on)[0]
    assert suite.get("failures") == str(failures)
    assert suite.get("skipped") == str(4 - failures)
    assert [test[0].tag for test in suite] == ["failure"] * failures + ["skipped"] * (4 - failures)
    assert suite[3][0].get("message") == "suppressed (known): this is wrong"


def test_clean_and_unreadable_files_are_tests_too() -> None:
    root = report(linted(b"Misc = {\n}\n"), UNREADABLE)
    clean, unreadable = root
    assert (clean.get("tests"), len(clean[0])) == ("1", 0)
    assert unreadable[0][0].tag == "error"
    assert unreadable[0][0].get("message") == "Permission denied"
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "1")


def test_no_files_are_no_suites() -> None:
    assert len(report()) == 0


@given(hostile_text, hostile_text)
def test_whatever_a_file_is_called_the_xml_is_valid(path: str, message: str) -> None:
    finding = made(path=path, message=message, help=message)
    report(LintedFile(path, parse(b"x\n"), (finding,), ((finding, message),), error=message))


@given(hostile_bytes)
def test_any_file_gives_valid_xml(source: bytes) -> None:
    root = report(linted(source))
    assert len(root[0]) == max(1, len(linted(source).diagnostics))
