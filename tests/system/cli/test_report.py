"""`confkit report` as a user runs it, also on a terminal."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from confkit.emulator.group import running_group
from testing.command import confkit
from testing.programs import REPOSITORY, needs


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def test_it_shows_what_it_writes_and_writes_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with running_group(2) as group:
        result = confkit("report", "--yes", "-o", str(path), "-c", group.config_path)
    assert result.code == 0, result.err
    assert path.read_text() == result.out
    assert "This is all that" in result.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]
    jsonschema.validate(
        json.loads(result.out), json.loads((REPOSITORY / "schemas" / "json" / "report.json").read_text())
    )


def on_a_terminal(config: str, path: Path, answer: bytes) -> tuple[int, str]:
    """Run the command with a terminal as standard input, and answer its question."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "confkit", "report", "-o", str(path), "-c", config]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    os.write(ours, answer)
    out, _err = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, out


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with running_group(1) as group:
        code, out = on_a_terminal(group.config_path, path, b"n\n")
        assert (code, path.exists()) == (1, False)
        assert '"kind": "confkit field report"' in out
        code, out = on_a_terminal(group.config_path, path, b"y\n")
    assert code == 0
    assert path.read_text() == out


def test_without_a_terminal_and_without_yes_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    result = confkit("report", "-c", str(tmp_path), "-o", str(tmp_path / "report.json"))
    assert (result.code, result.out) == (2, "")
    assert "--yes" in result.err


def test_a_file_that_exists_and_a_folder_that_does_not_are_clear_errors(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    taken = tmp_path / "report.json"
    taken.write_text("mine")
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    for path in (taken, tmp_path / "link.json", tmp_path / "no" / "report.json"):
        result = confkit("report", "--yes", "-c", str(tmp_path), "-o", str(path))
        assert (result.code, result.out) == (3, "")
        assert str(path) in result.err
    assert taken.read_text() == "mine"


def test_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("")
    result = confkit("report", "--yes", "--slot", "1", "--label", "x", "-c", str(tmp_path))
    assert (result.code, result.out) == (2, "")


def test_without_a_library_there_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    result = confkit("report", "--yes", "-c", str(tmp_path), "-o", str(tmp_path / "report.json"))
    assert (result.code, result.out) == (3, "")
    assert not (tmp_path / "report.json").exists()
