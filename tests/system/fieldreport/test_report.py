"""The report of an emulated group: it gives nothing away, and its layout decision can be made again from it."""

from __future__ import annotations

import json
import re
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from confkit.core.errors import FileError, UnavailableError
from confkit.emulator.group import EmulatedGroup, running_group
from confkit.emulator.plans import Fault, MemberPlan
from confkit.emulator.settings import Layout
from confkit.fieldreport import observe, report
from confkit.fieldreport.site import site
from confkit.fieldreport.text import pretty
from confkit.live import abi
from testing.hostile import hostile_library, processes_with
from testing.programs import needs

SECRETS = """
REST = {
   AuthTokenClientSecret = hunter2canary;
   AuthTokenConfigURI = https://tenant-canary.example.net/token;
}
CanarySection = {
   CanaryKey = canary value;
}
"""
BYTE_OF = {"digits": 0x31, "nul": 0, "spaces": 0x20, "other": 7}


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def made(config: str | None, library: str | None = None, choice: int | str | None = None) -> dict[str, Any]:
    """Make a report and read it back as the one who receives it does."""
    found: dict[str, Any] = json.loads(pretty(asdict(report.make(site(config, library, choice, {}), "9.9"))))
    return found


def rebuilt(answer: dict[str, Any]) -> abi.Answer:
    """Make an answer that looks like the one in the report, from nothing but the report."""
    data = b""
    for run in filter(None, answer["wrote"].split(", ")):
        count, kind = run.split()
        data += bytes([answer["filling"] if kind == "untouched" else BYTE_OF[kind]]) * int(count)
    if answer["last_word"] is not None:
        size = abi.NATIVE.ulong_bytes
        data = data[:-size] + answer["last_word"].to_bytes(size, sys.byteorder)
    return abi.Answer(answer["filling"], data)


@pytest.mark.parametrize("layout", ["serial20", "serial16", "ulong"])
def test_the_layout_decision_can_be_made_again_from_the_report(layout: Layout) -> None:
    plans = [MemberPlan(), MemberPlan(), MemberPlan(fault=Fault("status", 0x80000024))]
    with running_group(plans, layout=layout, second_ms=100, report_early=True) as group:
        (run, _other) = made(group.config_path)["runs"]
    assert run["layout"] == layout
    assert {answer["filling"] for answer in run["answers"]} == set(abi.FILLINGS)
    for answer in run["answers"]:
        found = abi.recognise(rebuilt(answer))
        assert found.name == layout
        assert len(abi.decode(rebuilt(answer), found).members) == 3


def canaries(group: EmulatedGroup) -> list[str]:
    """List what must not leave the site; the tests of pseudonyms and of the file have the finer cases."""
    serials = [group.serial, *(member.serial for member in group.members)]
    own = [group.label, group.library, group.directory, "127.0.0.1", socket.gethostname(), str(Path.home())]
    return [*serials, *own, "hunter2", "canary", "example.net", "partition"]


@pytest.mark.parametrize("layout", ["serial20", "ulong"])
def test_nothing_of_the_site_s_own_is_in_the_report(layout: Layout) -> None:
    with running_group(3, label="CANARY payroll", layout=layout, report_early=True) as group:
        path = Path(group.config_path)
        path.write_text(path.read_text() + SECRETS)
        text = json.dumps(made(group.config_path))
        found = [canary for canary in canaries(group) if canary.lower() in text.lower()]
    assert found == []


def test_what_a_maintainer_wants_to_know_is_in_the_report() -> None:
    with running_group(2, status_timeout=5, other_slot_return=0x3, report_early=True) as group:
        found = made(group.config_path)
    assert {"CA_GetCurrentHAState", "C_GetInfo"} <= set(found["library"]["functions"])
    assert found["system"]["confkit"] == "9.9"
    configuration = found["configuration"]
    assert (configuration["found_by"], configuration["name"], configuration["opened"]) == (
        "option",
        "Chrystoki.conf",
        True if sys.platform.startswith("linux") else None,
    )
    assert (configuration["status_timeout_seconds"], configuration["status_timeout_source"]) == (5, "file")
    first, second = found["runs"]
    assert first["client"]["library_version"] == "10.7"
    assert [(slot["description"], slot["flags"]) for slot in first["slots"]] == [("HA Virtual Card Slot", 5)]
    assert (first["group_slot"], first["every_member_up"], first["ended"]) == (0, True, None)
    assert len(first["calls"]) == observe.CALLS
    assert all(0 < call["seconds"] < 60 for call in first["calls"])
    assert list(first["calls"][0]["members"].values()) == ["CKR_OK", "CKR_OK"]
    # members in the answers are those of the file, under the same names
    entries = next(section for section in configuration["sections"] if section["name"] == "VirtualToken")["entries"]
    assert ", ".join(first["calls"][0]["members"]) == entries[2]["value"]
    assert (first["wrong_slot"]["returned"], first["wrong_slot"]["wrote"]) == ("CKR_SLOT_ID_INVALID", "")
    # HAOnly hides all other slots, so a second process sees a copy of the file without it
    assert first["other_slot"] is None
    assert second["configuration"] == "a private copy with HAOnly = 0"
    assert [slot["description"] for slot in second["slots"]] == ["Net Token Slot"] * 2 + ["HA Virtual Card Slot"]
    assert second["other_slot"]["returned"] == "CKR_SLOT_ID_INVALID"


def test_the_other_slots_are_seen_at_once_where_nothing_hides_them() -> None:
    with running_group(1, ha_only=False, report_early=True) as group:
        (run,) = made(group.config_path)["runs"]
    assert run["group_slot"] == 1
    assert run["other_slot"]["returned"] == "CKR_FUNCTION_NOT_SUPPORTED"


def test_a_member_that_is_down_is_said() -> None:
    with running_group([MemberPlan(), MemberPlan(fault=Fault("refuse"))], second_ms=20, report_early=True) as group:
        run = made(group.config_path)["runs"][0]
    assert run["every_member_up"] is False
    assert next(iter(run["calls"][0]["members"].values())) == "CKR_OK"


def test_several_groups_and_no_choice_leave_the_calls_out() -> None:
    with running_group(1, groups=2, report_early=True) as group:
        run = made(group.config_path)["runs"][0]
        chosen = made(group.config_path, choice="emulated-2")["runs"][0]
    assert (run["group_slot"], run["calls"], run["every_member_up"], run["layout"]) == (None, [], None, None)
    assert run["wrong_slot"]["returned"] == "CKR_SLOT_ID_INVALID"
    assert chosen["group_slot"] == 1
    assert len(chosen["calls"]) == observe.CALLS


def test_a_file_of_another_name_is_copied_and_the_users_own_is_not_opened(tmp_path: Path) -> None:
    with running_group(1, report_early=True) as group:
        path = tmp_path / "acme.conf"
        path.write_bytes(Path(group.config_path).read_bytes())
        found = made(str(path))
    assert found["configuration"]["name"].startswith("path-")
    assert found["configuration"]["opened"] is (False if sys.platform.startswith("linux") else None)
    assert len(found["runs"][0]["calls"]) == observe.CALLS


def test_the_variable_counts_as_the_client_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_group(1, report_early=True) as group:
        for name, value in group.environment().items():
            monkeypatch.setenv(name, value)
        found = report.make(site(None, None, None, group.environment()), "9.9")
    assert found.configuration.found_by == "variable"
    assert len(found.runs[0].calls) == observe.CALLS


def hostile(folder: Path, text: str = "") -> str:
    path = folder / "Chrystoki.conf"
    path.write_text(f"Chrystoki2 = {{\n   LibUNIX64 = {hostile_library()};\n}}\n{text}")
    return str(path)


@pytest.mark.parametrize(
    ("deeds", "ended"),
    [
        ("segv-load", r"loading: the process crashed \(SIGSEGV\)"),
        ("exit-initialize", "initialising: the process ended with exit code"),
        ("segv-status", r"calling: the process crashed \(SIGSEGV\)"),
        ("segv-finalize", r"finalising: the process crashed \(SIGSEGV\)"),
        ("no-slots", "C_GetSlotList of path-[0-9]+ returned"),
        ("garble-status", "garbled"),
    ],
)
def test_a_library_that_misbehaves_leaves_what_was_seen_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deeds: str, ended: str
) -> None:
    monkeypatch.setenv("HOSTILE", deeds)
    monkeypatch.setenv("MARK", str(tmp_path))
    found = made(hostile(tmp_path))
    (run,) = found["runs"]
    assert re.search(ended, run["ended"]), run["ended"]
    assert "CA_GetCurrentHAState" in found["library"]["functions"]
    assert bool(run["slots"]) == (deeds in {"segv-status", "segv-finalize", "garble-status"})
    monkeypatch.delenv("MARK")
    assert processes_with(str(tmp_path)) == []


@pytest.mark.parametrize("place", ["load", "status"])
def test_a_library_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(observe, "_STEP_SECONDS", 1.0)
    monkeypatch.setattr(observe, "_GRACE_SECONDS", -2.0)
    monkeypatch.setenv("HOSTILE", f"hang-{place}")
    (run,) = made(hostile(tmp_path))["runs"]
    assert run["ended"].endswith("the library did not return in time, and was killed")


@pytest.mark.parametrize(
    ("deeds", "problem"),
    [("untouched", "wrote nothing"), ("overrun", "wrote up to byte"), ("letters", "begin a serial number")],
)
def test_an_answer_that_cannot_be_read_is_shown_as_a_map_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deeds: str, problem: str
) -> None:
    monkeypatch.setenv("HOSTILE", deeds)
    (run,) = made(hostile(tmp_path))["runs"]
    assert run["layout"] is None
    assert problem in run["answers"][0]["problem"]
    assert run["every_member_up"] is None
    with pytest.raises(UnavailableError):
        abi.recognise(rebuilt(run["answers"][0]))


def test_a_library_without_the_call_says_so(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text(f"Chrystoki2 = {{\n   LibUNIX64 = {hostile_library('OLD_CLIENT')};\n}}\n")
    found = made(str(path))
    assert "older than 10.7.0" in found["runs"][0]["ended"]
    assert found["runs"][0]["client"] is None
    assert "CA_GetCurrentHAState" not in found["library"]["functions"]


def test_a_file_that_cannot_be_edited_safely_has_one_run_less(tmp_path: Path) -> None:
    twice = "HAConfiguration = {\n   HAOnly = 1;\n   HAOnly = 1;\n}\n"
    assert len(made(hostile(tmp_path, twice))["runs"]) == 1


def test_without_a_file_or_a_library_there_is_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        site(str(tmp_path), None, None, {})
    path = tmp_path / "Chrystoki.conf"
    path.write_text("Misc = {\n}\n")
    with pytest.raises(UnavailableError, match="--library"):
        site(str(path), None, None, {})
    with pytest.raises(UnavailableError, match="cannot be read"):
        made(str(path), library=str(tmp_path / "missing.so"))
