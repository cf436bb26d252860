"""Evidence that goes on from one check to the next, and checks that are cut short: by --quick, a budget, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confkit.check.quick import QUICK_SECONDS, quick_check
from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.command import confkit
from testing.programs import needs

if TYPE_CHECKING:
    from confkit.emulator.group import EmulatedGroup

LENIENT = ("--tolerate", "0.2")


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def made(seen: dict[str, Any]) -> list[int]:
    return [run["calls"] for run in seen["runs"]]


def test_evidence_goes_on_where_the_check_before_left_it(tmp_path: Path) -> None:
    kept = str(tmp_path / "evidence.json")
    keeping = (*LENIENT, "--save", kept, "--resume", kept, "--format", "json")
    with running_group(2, report_early=True) as group:
        first = confkit("check", *keeping, "--calls", "3", "-c", group.config_path)
        second = confkit("check", *keeping, "-c", group.config_path)
        third = confkit("check", *keeping, "-c", group.config_path)
    assert first.code == 3
    before, after, same = (json.loads(result.out) for result in (first, second, third))
    assert (before["verdict"], made(before), before["continuable"]) == ("inconclusive", [3], True)
    assert f"--save {kept} --resume {kept} --tolerate 0.2" in before["advice"]
    assert (second.code, after["verdict"]) == (0, "sufficient")
    assert made(after)[0] == 3
    assert sum(made(after)) == 3 + before["bound"]["further_calls_needed"]
    assert after["runs"][1]["starts"][0] > after["runs"][0]["starts"][-1]
    assert before["span_seconds"] < after["span_seconds"] < 60
    assert (same["verdict"], made(same), same["group"]) == ("sufficient", made(after), after["group"])


def change_the_file(group: EmulatedGroup) -> tuple[str, ...]:
    path = Path(group.config_path)
    path.write_bytes(path.read_bytes() + b"Misc = {\n   ToolsDir = /a;\n}\n")
    return LENIENT


def ask_otherwise(_group: EmulatedGroup) -> tuple[str, ...]:
    return ("--tolerate", "0.3")


def ask_another_group(_group: EmulatedGroup) -> tuple[str, ...]:
    return (*LENIENT, "--label", "emulated-2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_the_file, "has changed"),
        (ask_otherwise, "the share tolerated was 0.2, and is 0.3"),
        (ask_another_group, "the HA group was"),
    ],
)
def test_evidence_of_another_check_is_not_continued(tmp_path: Path, change: Any, said: str) -> None:
    kept = tmp_path / "evidence.json"
    with running_group(1, groups=2, report_early=True) as group:
        where = ("-c", group.config_path, "--quiet")
        confkit("check", *LENIENT, "--calls", "3", "--label", "emulated", "--save", str(kept), *where)
        data = kept.read_bytes()
        asked = change(group)
        label = () if "--label" in asked else ("--label", "emulated")
        result = confkit("check", *asked, *label, "--save", str(kept), "--resume", str(kept), *where)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "Leave out --resume" in result.err
    assert kept.read_bytes() == data


@pytest.mark.parametrize("data", [None, b"", b'{"version": 2'])
def test_evidence_that_cannot_be_read_is_one_error(tmp_path: Path, data: bytes | None) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    kept = tmp_path / "evidence.json"
    if data is not None:
        kept.write_bytes(data)
    result = confkit("check", "--resume", str(kept), "-c", str(tmp_path))
    assert (result.code, result.out) == (3, "")
    assert len(result.err.splitlines()) == 1
    assert str(kept) in result.err


@pytest.mark.parametrize("report_early", [True, False])
@pytest.mark.parametrize("plan", [MemberPlan(fault=Fault("hang")), MemberPlan(fault=Fault("refuse"))])
def test_quick_names_who_is_down_within_the_timeout_and_two_seconds(plan: MemberPlan, report_early: bool) -> None:
    with running_group([MemberPlan(), plan], status_timeout=3, report_early=report_early) as group:
        began = time.monotonic()
        result = quick_check(CheckRequest(group.config_path, plan_for()), 3)
        lasted = time.monotonic() - began
        shown = confkit("check", "--quick", "-c", group.config_path)
        group.set_fault(1, None)
        healthy = confkit("check", "--quick", "-c", group.config_path)
    assert result.verdict is not None
    assert result.verdict.verdict == "member_down"
    assert [member.verdict for member in result.verdict.members] == ["ok", "down"]
    assert lasted <= 3 + QUICK_SECONDS
    assert (shown.code, group.members[1].serial in shown.out) == (1, True)
    assert "MEMBER_DOWN" in shown.out
    assert (healthy.code, "SUFFICIENT" in healthy.out) == (0, True)


def test_quick_says_that_nothing_is_known_where_the_library_hangs_or_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "Chrystoki.conf").write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/lib.so;\n}\n")
    result = confkit("check", "--quick", "-c", str(tmp_path))
    assert (result.code, "/no/such/lib.so" in result.out) == (3, True)


@pytest.mark.parametrize("report_early", [True, False])
def test_a_dead_group_is_critical_within_the_budget_of_a_nagios_check(report_early: bool) -> None:
    plans = [MemberPlan(fault=Fault("hang")), MemberPlan(fault=Fault("hang"))]
    with running_group(plans, status_timeout=3, report_early=report_early) as group:
        began = time.monotonic()
        result = confkit("check", "--format", "nagios", "--budget", "50", "-c", group.config_path)
        lasted = time.monotonic() - began
    assert (result.code, result.out[:20]) == (2, "LUNA HA CRITICAL - m"), result.out
    assert lasted < 50 + 5 + 3  # the cleanup, and the start of Python


def test_ctrl_c_prints_what_is_known_and_keeps_it(tmp_path: Path) -> None:
    kept = tmp_path / "evidence.json"
    with running_group([MemberPlan((200,))], report_early=True) as group:
        command = [sys.executable, "-m", "confkit", "check", "--format", "json", "--save", str(kept)]
        with subprocess.Popen([*command, "-c", group.config_path], stdout=subprocess.PIPE) as process:
            deadline = time.monotonic() + 60
            while group.counters(0)["pings"] < 4 and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
        assert process.returncode == 130
        seen = json.loads(output)
        assert (seen["interrupted"], seen["verdict"], seen["continuable"]) == (True, "inconclusive", True)
        assert 2 <= seen["calls"]["completed"] < 30
        assert "Interrupted" in seen["reason"]
        assert json.loads(kept.read_text()) == seen
        again = confkit("check", "--resume", str(kept), "--format", "json", "-c", group.config_path)
    assert (again.code, json.loads(again.out)["verdict"]) == (0, "sufficient")
    assert made(json.loads(again.out))[0] == seen["calls"]["completed"]
