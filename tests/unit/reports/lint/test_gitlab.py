from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from confkit.core.syntax import parse
from confkit.lint.results import LintedFile
from testing.findings import UNREADABLE, hostile_bytes, linted, made, reported


def violations(*results: LintedFile) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(reported("gitlab", *results))
    return found


def test_one_finding() -> None:
    (violation,) = violations(LintedFile("./x/Chrystoki.conf", parse(b"a\nb\n"), (made(2, 1, 2),)))
    fingerprint = violation.pop("fingerprint")
    assert len(fingerprint) == 64
    assert violation == {
        "description": "CK199: this is wrong",
        "check_name": "CK199",
        "severity": "major",
        "location": {"path": "x/Chrystoki.conf", "lines": {"begin": 2}},
    }


def test_severities_and_what_could_not_be_read() -> None:
    findings = tuple(made(severity=severity) for severity in ("error", "warning", "info"))
    found = violations(LintedFile("a", None, findings, ((made(), "known"),)), UNREADABLE)
    assert [each["severity"] for each in found] == ["major", "minor", "info", "critical"]
    assert found[-1]["description"] == "not-linted: Permission denied"


def test_no_findings_are_an_empty_list() -> None:
    assert violations(linted(b"Misc = {\n}\n")) == []


@given(hostile_bytes)
def test_fingerprints_are_unique_and_differ_between_files(source: bytes) -> None:
    found = [each["fingerprint"] for each in violations(linted(source, "a.conf"), linted(source, "b.conf"), UNREADABLE)]
    assert len(set(found)) == len(found)


def test_a_fingerprint_survives_lines_above_and_is_told_by_the_line() -> None:
    before = violations(linted(b"Misc = {\n   A = 1\n   B = 1\n}\n"))
    after = violations(linted(b"\n# new\nMisc = {\n  A   = 1\n   B = 1\n}\n"))
    assert [each["fingerprint"] for each in before] == [each["fingerprint"] for each in after]
    assert [each["location"]["lines"]["begin"] for each in before] != [
        each["location"]["lines"]["begin"] for each in after
    ]
