"""`confkit check` with libraries that misbehave: a clear message, the right exit code, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.command import confkit
from testing.hostile import hostile_library, left_behind

_CONFIGURATION = "HAConfiguration = {\n   HAOnly = 1;\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Chrystoki.conf").write_text(_CONFIGURATION)
    (tmp_path / "tmp").mkdir()
    return tmp_path


def check(folder: Path, library: str, deeds: str = "", *arguments: str, **variables: str) -> tuple[int, str]:
    """Return exit code and output; nothing may be left of it: no process, and no copy of the configuration."""
    mark = f"confkit-hostile-{folder.name}"
    environment = {"HOSTILE": deeds, "MARK": mark, "TMPDIR": str(folder / "tmp"), **variables}
    result = confkit("check", "-c", str(folder), "--library", library, *arguments, environment=environment)
    assert left_behind(mark) == []
    assert list((folder / "tmp").iterdir()) == []
    return result.code, result.out + result.err


@pytest.mark.parametrize(
    ("deeds", "words"),
    [
        ("hang-load", "its loading"),
        ("hang-initialize", "C_Initialize"),
        ("hang-status", "CA_GetCurrentHAState"),
        ("exit-load", "exit code 3"),
        ("abort-initialize", "SIGABRT"),
        ("segv-status", "SIGSEGV"),
        ("child-status,hang-status", "CA_GetCurrentHAState"),
        ("members-33", "33 members"),
        ("members-9223372036854775808", "9223372036854775808 members"),
        ("untouched", "wrote nothing"),
        ("overrun", "4096"),
        ("vanish", "has gone"),
        ("no-group", "no HA group"),
    ],
)
def test_misdeeds_are_unavailable_with_their_own_message(folder: Path, deeds: str, words: str) -> None:
    code, output = check(folder, hostile_library(), deeds, "--budget", "8")
    assert code == 3
    assert "UNAVAILABLE" in output
    assert words in output


def test_an_empty_list_means_that_the_group_is_lost(folder: Path) -> None:
    code, output = check(folder, hostile_library(), "members-0", "--budget", "60")
    assert code == 1
    assert "MEMBER_DOWN: The group is lost" in output


@pytest.mark.parametrize(
    "deeds", ["print-load,print-status,print-finalize", "slow-status", "hang-finalize", "renumber"]
)
def test_what_does_not_touch_the_answer_does_not_touch_the_verdict(folder: Path, deeds: str) -> None:
    code, output = check(folder, hostile_library(), deeds, "--calls", "5", "--tolerate", "0.5")
    assert code == 0, output
    assert "noise" not in output


def test_every_code_the_call_returns_is_named(folder: Path) -> None:
    codes = ["0x30", "0x54", "0xe0", "0x80000024", "0x80001604"]
    code, output = check(
        folder,
        hostile_library(),
        "",
        "--calls",
        "5",
        "--tolerate",
        "0.5",
        "--budget",
        "20",
        HOSTILE_CODES=",".join(codes * 4),
    )
    assert code in {1, 3}
    assert "SUFFICIENT" not in output.replace("INSUFFICIENT", "")


@pytest.mark.parametrize("define", ["NO_INITIALIZE", "NO_STATUS_CALL", "OLD_CLIENT"])
def test_missing_symbols(folder: Path, define: str) -> None:
    code, output = check(folder, hostile_library(define))
    assert code == 3
    assert ("C_Initialize" if define == "NO_INITIALIZE" else "10.7.0") in output


def test_two_groups_are_listed_and_one_can_be_chosen(folder: Path) -> None:
    code, output = check(folder, hostile_library(), "two-groups")
    assert code == 2
    assert output.count("label") >= 2
    assert (
        check(folder, hostile_library(), "two-groups", "--label", "first", "--calls", "5", "--tolerate", "0.5")[0] == 0
    )


@pytest.mark.parametrize("what", ["absent", "text", "folder", "other machine"])
def test_what_is_no_library(folder: Path, what: str) -> None:
    path = folder / "lib.so"
    if what == "text":
        path.write_text("not a library\n")
    if what == "folder":
        path.mkdir()
    if what == "other machine":
        elf = bytearray(Path(hostile_library()).read_bytes())
        elf[18:20] = (0xF3).to_bytes(2, "little")  # e_machine: RISC-V
        path.write_bytes(elf)
    code, output = check(folder, str(path))
    assert code == 3
    assert str(path) in output
