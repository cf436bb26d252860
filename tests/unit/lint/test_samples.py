"""The files under samples/: the good ones are clean, and each broken one shows its fault at a known line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from confkit.core.severity import Severity

    Row = tuple[str, int, Severity]

SAMPLES = REPOSITORY / "samples"
GOOD = sorted(path for folder in ("unix", "windows", "ha-group", "cloud") for path in (SAMPLES / folder).iterdir())

# What the linter says of each file: code, line and severity of every finding. The first of a file is the fault that
# the file is named after; the numbers are those of the collection of public faults that the linter was made for.
BROKEN: dict[str, list[Row]] = {
    "01-key-in-the-wrong-section.conf": [("CK205", 19, "error")],
    "02-wrong-letter-case.conf": [("CK203", 44, "error")],
    "03-unknown-section-and-key.conf": [("CK202", 45, "warning"), ("CK201", 50, "warning")],
    "04-missing-semicolon.conf": [("CK101", 12, "error")],
    "05-section-and-key-twice.conf": [("CK124", 20, "error"), ("CK123", 51, "warning")],
    "06-section-not-closed.conf": [("CK111", 11, "error")],
    "07-comment-that-holds-a-key.conf": [("CK131", 3, "warning"), ("CK601", 4, "warning")],
    "08-quoted-value.conf": [("CK142", 12, "warning")],
    "09-tab.conf": [("CK151", 13, "warning")],
    "10-numbering.conf": [("CK202", 27, "warning"), ("CK401", 28, "warning")],
    "11-label-without-a-group.conf": [("CK311", 39, "error")],
    "12-unexpected-group-serial.conf": [("CK304", 34, "info")],
    "13-members-by-host-name.conf": [("CK305", 35, "error")],
    "14-recovery-off.conf": [("CK317", 44, "warning")],
    "15-incomplete-ha-log.conf": [("CK319", 46, "warning")],
    "16-no-keepalive.conf": [("CK405", 16, "info")],
    "17-no-net-client.conf": [("CK404", 16, "warning")],
    "18-certificates.conf": [("CK412", 21, "info")],
    "19-path-of-another-host.conf": [("CK416", 12, "info")],
    "20-library-of-the-other-width.conf": [("CK421", 2, "info")],
    "21-incomplete-call-log.conf": [("CK422", 7, "warning")],
    "22-timeout-off-by-ten.conf": [("CK213", 8, "info")],
    "23-secret-in-the-file.conf": [("CK501", 52, "warning")],
    "24-host-validation-off.conf": [("CK504", 14, "warning")],
    "25-long-line.conf": [("CK154", 23, "warning")],
}


def rows(path: Path) -> list[Row]:
    diagnostics = lint(parse(path.read_bytes(), path.name), path.name, RULES)
    return [(each.code, each.line, each.severity) for each in diagnostics]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
def test_a_good_file_has_no_finding_of_any_rule(path: Path) -> None:
    assert rows(path) == []


def test_there_is_a_good_file_of_every_kind() -> None:
    assert {(path.parent.name, path.name) for path in GOOD} == {
        ("unix", "Chrystoki.conf"),
        ("windows", "crystoki.ini"),
        ("ha-group", "Chrystoki.conf"),
        ("cloud", "Chrystoki.conf"),
    }
    assert [parse(path.read_bytes(), path.name).windows for path in GOOD].count(True) == 1


def test_the_good_windows_file_ends_its_lines_as_windows_does() -> None:
    source = (SAMPLES / "windows" / "crystoki.ini").read_bytes()
    assert source.count(b"\n") == source.count(b"\r\n") > 40


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_shows_its_fault_at_its_line(name: str) -> None:
    assert rows(SAMPLES / "broken" / name) == BROKEN[name]


def test_every_one_of_the_25_faults_has_its_file() -> None:
    assert sorted(path.name for path in (SAMPLES / "broken").iterdir()) == sorted(BROKEN)
    assert sorted(int(name[:2]) for name in BROKEN) == list(range(1, 26))


def test_the_secrets_in_the_samples_are_no_secrets() -> None:
    secrets = [
        match[1]
        for path in SAMPLES.rglob("*.*")
        for match in re.finditer(r"AuthTokenClientSecret *= *([^;\s{]+)", path.read_text())
    ]
    assert secrets
    assert all(secret.startswith("not-a-real-secret") for secret in secrets)
