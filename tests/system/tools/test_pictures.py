"""The recorded terminal of README.md: what its commands print today, without a request to anybody."""

from __future__ import annotations

import re

import pytest

from testing.programs import REPOSITORY
from tools import pictures
from tools.pictures import COMMANDS, REPORT, TERMINAL, Command, main, shown, svg


def test_the_recording_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands are run again, on an emulated group."""
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_recording_is_named_with_the_difference(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        pictures, "record", lambda: [(COMMANDS[0], "Chrystoki.conf:8:26: error CK101 something else\n")]
    )
    assert main(["--check"]) == 1
    told = capsys.readouterr()
    assert "+Chrystoki.conf:8:26: error CK101 something else" in told.out
    assert "-$ confkit check" in told.out
    assert told.err == "Run: python -m tools.pictures\n"


def test_numbers_of_the_check_do_not_count_and_all_others_do() -> None:
    lint, check = Command(("lint",), 1), Command(("check",), 0, varies=True)

    def lines(seconds: str, column: str) -> list[str]:
        return shown(svg([(lint, f"Chrystoki.conf:8:{column}: error"), (check, f"calls  66 completed in {seconds} s")]))

    assert lines("8.1", "26") == lines("12", "26")
    assert lines("8.1", "26") != lines("8.1", "27")
    assert "$ confkit check" in lines("8.1", "26")


def test_the_pictures_are_in_the_readme_and_load_nothing() -> None:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    for picture in (TERMINAL, REPORT):
        assert f"]({picture.relative_to(REPOSITORY).as_posix()})" in text
        assert picture.stat().st_size > 1000
    drawn = TERMINAL.read_text("utf-8")
    assert not re.search(r"(?:href|src)\s*=|url\(\s*[\"']?(?!#)|@import|<script", drawn)
    assert not re.search(r"/(?:tmp|root|home|work)/", drawn), "no path of the machine that recorded it"
