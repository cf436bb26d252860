"""What the role makes of two verdicts: a host for each case, all in one play, on this machine.

A group cannot be brought to every verdict in a test's time, so the command `confkit` is a stand-in here that answers with
what the real one printed, under another verdict. tests/integrations/ansible_runs/test_rolling.py has the real one.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from confkit.emulator.group import running_group
from testing.ansible_plays import ROLLING, controller
from testing.ansible_state import Untouched, untouched

if TYPE_CHECKING:
    from testing.ansible_plays import Played

EXIT_CODES = {"sufficient": 0, "tight": 0, "insufficient": 1, "member_down": 1, "inconclusive": 3, "unavailable": 3}
BUG = "bug"  # a second check that prints no verdict, and ends with the exit code of a bug

# each verdict and the next worse one
ROLLED_BACK = [
    ("sufficient", "tight"),
    ("tight", "inconclusive"),
    ("inconclusive", "member_down"),
    ("member_down", "insufficient"),
    ("insufficient", "unavailable"),
    ("sufficient", BUG),
]
BEHIND_A_LINK = "member_down-insufficient"
FROM_INSUFFICIENT = ("mild", "insufficient-unavailable")  # hosts with this as status_timeout_roll_back_from
BAD_VALUES = {"too-much": 61, "too-little": 2, "half": 3.5, "word": "ten", "empty": "", "none": None}


class Ended(NamedTuple):
    """A host after the play."""

    file: Path
    before: Untouched
    message: str  # of the failure; "" where it did not fail
    now: Untouched

    @property
    def is_changed(self) -> bool:
        return b"statusTimeout = 5;" in self.now.state.content

    @property
    def backups(self) -> list[Path]:
        return sorted(self.file.resolve().parent.glob("*.bak"))


class Table(NamedTuple):
    """The hosts of all cases, by name."""

    folder: Path
    played: Played
    before: dict[str, Untouched]

    def is_called(self, name: str) -> bool:
        """Tell whether the stand-in of this host was started."""
        return (self.folder / f"{name}.tools" / "first").exists()

    def ended(self, name: str) -> Ended:
        file = self.folder / name / "Chrystoki.conf"
        failed = [one.result["msg"] for one in self.played.results if one.host == name and one.state == "failed"]
        return Ended(file, self.before[name], failed[-1] if failed else "", untouched(file))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("table")
    source, report = _generated()
    cases = {f"{first}-{second}": (first, second) for first, second in ROLLED_BACK}
    cases |= {
        "better": ("tight", "sufficient"),
        "as-bad": ("insufficient", "insufficient"),
        "mild": ("sufficient", "member_down"),
        "no-check": ("unavailable", BUG),
        "somebody-else": ("sufficient", "insufficient"),
        "in-place": ("insufficient", BUG),
        "lint": ("sufficient", BUG),
        "two-links": ("sufficient", BUG),
        **dict.fromkeys(BAD_VALUES, ("sufficient", BUG)),
    }
    hosts = {name: _host(folder / name, source, report, verdicts) for name, verdicts in cases.items()}
    for name in FROM_INSUFFICIENT:
        hosts[name]["status_timeout_roll_back_from"] = "insufficient"
    for name, value in BAD_VALUES.items():
        hosts[name]["status_timeout_seconds"] = value
    _replace(folder / "in-place", b"statusTimeout = 10;", b"statusTimeout = 5;")
    _replace(folder / "lint", b"HAOnly = 1;", b"HAOnly = perhaps;")
    _behind_a_link(folder / BEHIND_A_LINK)
    _meddle(folder / "somebody-else")
    os.link(folder / "two-links" / "Chrystoki.conf", folder / "two-links.other")
    before = {name: untouched(folder / name / "Chrystoki.conf") for name in cases}
    common = {"ansible_connection": "local", "status_timeout_seconds": 5}
    ansible = controller(folder / "controller", hosts, common)
    variables = {"rolling_serial": "100%", "rolling_max_fail_percentage": 100}
    return Table(folder, ansible.run(ROLLING, variables=variables), before)


@pytest.mark.parametrize(("first", "second"), ROLLED_BACK)
def test_worse_is_rolled_back(table: Table, first: str, second: str) -> None:
    ended = table.ended(f"{first}-{second}")
    assert ended.now.state == ended.before.state
    assert ended.now.beside == ended.before.beside
    assert "Rolled back: " in ended.message
    if second != BUG:
        assert f"the verdict was {first} before, and with statusTimeout at 5 s it is {second}" in ended.message


def test_better_stays(table: Table) -> None:
    ended = table.ended("better")
    assert ended.message == ""
    assert ended.is_changed
    assert [backup.read_bytes() for backup in ended.backups] == [ended.before.state.content]


def test_insufficient_as_before_stays_and_fails(table: Table) -> None:
    ended = table.ended("as-bad")
    assert ended.is_changed
    assert "statusTimeout stays at 5 s, which is not enough" in ended.message


def test_worse_but_milder_than_roll_back_from_stays(table: Table) -> None:
    assert table.ended("mild").is_changed
    assert table.ended("mild").message == ""


def test_where_no_check_can_be_made_nothing_is_changed(table: Table) -> None:
    ended = table.ended("no-check")
    assert ended.now == ended.before
    assert "no check can be made, so a change for the worse would go unseen" in ended.message


def test_a_link_stays_and_its_file_is_restored(table: Table) -> None:
    ended = table.ended(BEHIND_A_LINK)
    assert ended.file.is_symlink()
    assert ended.file.resolve().name == "real.conf"
    assert ended.now.state == ended.before.state
    assert ended.backups == []
    assert f"Rolled back: {ended.file.resolve()} is byte for byte what it was" in ended.message


def test_what_somebody_else_wrote_is_not_rolled_back(table: Table) -> None:
    ended = table.ended("somebody-else")
    assert ended.is_changed
    assert ended.now.state.content.endswith(b"# mine\n")
    (backup,) = ended.backups
    assert backup.read_bytes() == ended.before.state.content
    assert "Not rolled back: somebody else has changed" in ended.message
    assert str(backup) in ended.message


def test_a_value_in_place_is_judged_and_not_written(table: Table) -> None:
    ended = table.ended("in-place")
    assert ended.now == ended.before
    assert "statusTimeout stays at 5 s, which is not enough" in ended.message


def test_a_lint_error_ends_the_host_before_the_first_check(table: Table) -> None:
    ended = table.ended("lint")
    assert ended.now == ended.before
    assert "CK" in ended.message
    assert not table.is_called("lint")


def test_a_change_that_fails_is_not_rolled_back(table: Table) -> None:
    ended = table.ended("two-links")
    assert ended.now == ended.before
    assert "the file has 2 hard links" in ended.message
    assert "Rolled back" not in ended.message


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_bad_value_changes_nothing_and_calls_nothing(table: Table, name: str) -> None:
    ended = table.ended(name)
    assert ended.now == ended.before
    assert "status_timeout_seconds" in ended.message or "statusTimeout must be a whole number" in ended.message
    assert not table.is_called(name)


def _generated() -> tuple[bytes, dict[str, Any]]:
    """Return a configuration file, and the report that the real command prints for it."""
    with running_group(2, status_timeout=10, report_early=True) as group:
        source = Path(group.config_path).read_bytes()
        plan = ["--calls", "2", "--tolerate", "0.4", "--confidence", "0.6"]
        command = [sys.executable, "-m", "confkit", "check", "-c", group.config_path, "--format", "json", *plan]
        report: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return source, report


def _host(folder: Path, source: bytes, report: dict[str, Any], verdicts: tuple[str, str]) -> dict[str, Any]:
    """Make the folder of a host with its file and its stand-in; return its variables."""
    tools = folder.parent / f"{folder.name}.tools"
    folder.mkdir()
    tools.mkdir()
    (folder / "Chrystoki.conf").write_bytes(source)
    lines = [
        "#!/bin/sh",
        f"cd {shlex.quote(str(tools))}",
        "if mkdir first 2>/dev/null; then number=1; else number=2; fi",
    ]
    lines += ["test ! -x meddle || ./meddle $number", "case $number in"]
    for number, verdict in enumerate(verdicts, 1):
        (tools / f"{number}.json").write_text(json.dumps({**report, "verdict": verdict}))
        lines.append(
            f"{number}) "
            + ("echo oops >&2; exit 4;;" if verdict == BUG else f"cat {number}.json; exit {EXIT_CODES[verdict]};;")
        )
    script = tools / "confkit"
    script.write_text("\n".join([*lines, "esac", ""]))
    script.chmod(0o755)
    return {
        "status_timeout_path": str(folder / "Chrystoki.conf"),
        "status_timeout_executable": str(script),
    }


def _replace(folder: Path, old: bytes, new: bytes) -> None:
    file = folder / "Chrystoki.conf"
    file.write_bytes(file.read_bytes().replace(old, new))


def _behind_a_link(folder: Path) -> None:
    file = folder / "Chrystoki.conf"
    elsewhere = folder.parent / f"{folder.name}.elsewhere"
    elsewhere.mkdir()
    file.rename(elsewhere / "real.conf")
    file.symlink_to(elsewhere / "real.conf")


def _meddle(folder: Path) -> None:
    """Let somebody else write the file during the second check."""
    script = folder.parent / f"{folder.name}.tools" / "meddle"
    script.write_text(f'#!/bin/sh\ntest "$1" = 1 || echo "# mine" >> {shlex.quote(str(folder / "Chrystoki.conf"))}\n')
    script.chmod(0o755)
