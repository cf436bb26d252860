"""A standard output that is full, closed or no longer read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFIGURATION = (Path(__file__).parents[3] / "samples" / "ha-group" / "Chrystoki.conf").read_bytes()
FULL = "confkit: standard output cannot be written (No space left on device). Make room, or write elsewhere"
READING = [
    "show -c c.conf",
    "show -c c.conf --format json",
    "get HAConfiguration HAOnly -c c.conf",
    "get HAConfiguration HAOnly -c c.conf --format json",
    "server list -c c.conf",
    "ha list -c c.conf",
    "ha list -c c.conf --format json",
    "diff c.conf other.conf",
    "diff c.conf other.conf --format json",
    "redact c.conf",
    "lint c.conf",
    "rules",
    "--help",
    "--version",
    "set --help",
]
EDITING = [
    "set-timeout 33 -c c.conf",
    "set HAConfiguration statusTimeout 33 -c c.conf --diff",
    "unset HAConfiguration statusTimeout -c c.conf",
    "server add hsm9.example.com -c c.conf",
    "ha only off -c c.conf",
    "call-log on --file /var/log/luna.txt -c c.conf",
    "relocate /usr/safenet/lunaclient /opt/luna -c c.conf --format json",
    "apply c.toml -c c.conf",
]


def _into(redirection: str, words: str, folder: Path) -> tuple[int, str]:
    (folder / "c.conf").write_bytes(CONFIGURATION)
    (folder / "other.conf").write_bytes(CONFIGURATION.replace(b"HAOnly", b"HAOnlx"))
    (folder / "c.toml").write_text("[set.HAConfiguration]\nstatusTimeout = 33\n")
    command = f'"$1" -m confkit {words} {redirection}'
    arguments = ["bash", "-c", command, "bash", sys.executable]
    done = subprocess.run(arguments, stderr=subprocess.PIPE, text=True, check=False, timeout=60, cwd=folder)
    return done.returncode, done.stderr.rstrip("\n")


@pytest.mark.parametrize("words", READING)
def test_a_full_disk_is_exit_code_3(tmp_path: Path, words: str) -> None:
    assert _into(">/dev/full", words, tmp_path) == (3, FULL)


@pytest.mark.parametrize("words", EDITING)
def test_an_edit_that_was_made_is_said_where_standard_output_is_full(tmp_path: Path, words: str) -> None:
    assert _into(">/dev/full", words, tmp_path) == (3, f"{FULL}. The file was written: c.conf")
    assert (tmp_path / "c.conf").read_bytes() != CONFIGURATION
    assert _into(">/dev/full", f"{words} --dry-run", tmp_path) == (3, FULL)
    assert (tmp_path / "c.conf").read_bytes() == CONFIGURATION


@pytest.mark.parametrize(
    "words", ["show -c c.conf", "get HAConfiguration HAOnly -c c.conf", "set-timeout 33 -c c.conf"]
)
def test_a_reader_that_has_gone_is_not_a_finding(tmp_path: Path, words: str) -> None:
    # the reader ends before the command starts to write
    code, error = _into("> >(exec true); exit $?", f"{words}", tmp_path)
    assert code == 141
    assert ("the file was written" in error) == words.startswith("set-timeout")
