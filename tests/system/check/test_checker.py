"""The check against an emulated group: real processes, a real library, real time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.check.checker import check
from confkit.check.request import CheckRequest, CheckResult, Progress
from confkit.check.results import plan_for
from confkit.core.errors import FileError, UsageError
from confkit.core.syntax import parse
from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from confkit.live.private_copy import private_copy
from testing.fast_time import prober
from testing.programs import needs

if TYPE_CHECKING:
    from confkit.emulator.group import EmulatedGroup

FEW = plan_for(0.5)  # 5 clean calls


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def request(group: EmulatedGroup, **options: object) -> CheckRequest:
    return CheckRequest(group.config_path, **{"plan": FEW, **options})  # type: ignore[arg-type]


def verdicts(result: CheckResult) -> list[str]:
    assert result.verdict is not None, result.reason
    return [member.verdict for member in result.verdict.members]


def test_a_healthy_group_is_sufficient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # Times that differ by a tenth of the limit or more are looked at for dependence, which may ask for further calls; on
    # a busy machine a call may be late by so much of 3 s, but not of 60.
    with running_group(3, report_early=True, status_timeout=60) as group:
        result = check(request(group, plan=plan_for()))
    assert result.verdict is not None
    assert result.verdict.verdict == "sufficient"
    assert (result.configured_seconds, result.layout) == (60, "serial20")
    assert result.group is not None
    assert (result.group.label, result.group.serial, result.group.slot) == (group.label, group.serial, 0)
    assert result.verdict.calls.completed == 66
    assert [run.limit_seconds for run in result.runs] == [60]
    assert list(tmp_path.iterdir()) == []


def test_the_default_of_the_client_is_checked_where_the_file_sets_none() -> None:
    with running_group(2, report_early=True) as group:
        result = check(request(group))
    assert (result.configured_seconds, result.configured_line) == (3, None)
    assert [run.limit_seconds for run in result.runs] == [3]


@pytest.mark.parametrize("report_early", [True, False])
@pytest.mark.parametrize(
    ("plans", "verdict", "members"),
    [
        ([MemberPlan(), MemberPlan(fault=Fault("hang"))], "member_down", ["ok", "down"]),
        ([MemberPlan(), MemberPlan(fault=Fault("refuse"))], "member_down", ["ok", "down"]),
        ([MemberPlan(), MemberPlan(fault=Fault("reset"))], "member_down", ["ok", "down"]),
        ([MemberPlan(), MemberPlan(fault=Fault("removed"))], "member_down", ["ok", "down"]),
        ([MemberPlan(fault=Fault("hang")), MemberPlan(fault=Fault("hang"))], "member_down", ["down", "down"]),
    ],
)
def test_members_that_are_down(plans: list[MemberPlan], verdict: str, members: list[str], report_early: bool) -> None:
    # A second of the library is 150 ms here, so that a member that is down costs 9 s instead of 60. With less a living
    # member of a busy machine misses the timeout too.
    with running_group(plans, second_ms=150, report_early=report_early, status_timeout=3) as group:
        result = check(request(group), prober=prober(150))
    assert result.verdict is not None, result.reason
    assert (result.verdict.verdict, verdicts(result)) == (verdict, members)
    assert result.configured_line is not None
    assert {run.limit_seconds for run in result.runs} == {3, 60}
    assert sum(len(run.calls) for run in result.runs if run.purpose == "ceiling") < 30


@pytest.mark.parametrize("report_early", [True, False])
def test_one_slow_member_of_32(report_early: bool) -> None:
    plans = [MemberPlan((3200,) if index == 17 else (20,)) for index in range(32)]
    with running_group(plans, report_early=report_early, status_timeout=3) as group:
        result = check(request(group))
    assert result.verdict is not None
    assert result.verdict.verdict == "insufficient"
    assert result.verdict.recommended_seconds in {4, 5}  # five calls at 60 s are enough for so lenient a plan
    assert [index for index, verdict in enumerate(verdicts(result)) if verdict != "ok"] == [17]


def test_a_flapping_member_is_never_taken_for_a_short_timeout() -> None:
    plans = [MemberPlan(), MemberPlan(fault=Fault("flap", 0.7))]
    with running_group(plans, second_ms=50, reconnect_interval_ms=50, report_early=True) as group:
        result = check(request(group, plan=plan_for(0.2)), prober=prober(50))
    assert result.verdict is not None
    assert result.verdict.verdict in {"member_down", "inconclusive"}


def test_a_member_that_comes_back_between_the_runs_is_not_taken_for_slow() -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], reconnect_interval_ms=50, report_early=True) as group:

        def mend(progress: Progress) -> None:
            if progress.limit_seconds == 60 and progress.stage == "loading":
                group.set_fault(0, None)

        result = check(request(group, plan=plan_for()), mend)
    assert result.verdict is not None
    assert [run.limit_seconds for run in result.runs][:3] == [3, 60, 3]
    assert result.verdict.verdict in {"inconclusive", "sufficient"}, result.reason


def test_the_check_opens_no_session() -> None:
    with running_group(3, report_early=True) as group:
        check(request(group))
        counted = [group.counters(index) for index in range(3)]
    assert [counts["sessions_opened"] for counts in counted] == [0, 0, 0]
    assert min(counts["pings"] for counts in counted) >= 5


def test_the_main_run_ends_once_the_verdict_is_settled() -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], second_ms=50) as group:
        result = check(request(group, plan=plan_for()), prober=prober(50))
    assert result.verdict is not None
    assert result.verdict.verdict == "member_down"
    # two at T, one at 60 s, a second look at T: 69 s
    assert [(run.limit_seconds, len(run.calls)) for run in result.runs] == [(3, 2), (60, 1), (3, 1)]


def test_the_budget_cuts_to_inconclusive_and_says_how_many_calls_are_missing() -> None:
    with running_group([MemberPlan((300,))], report_early=True) as group:
        result = check(request(group, plan=plan_for(), budget_seconds=3.0))
    assert result.verdict is not None
    assert result.verdict.verdict == "inconclusive"
    made = result.verdict.calls.completed
    assert 0 < made < 20
    needed = result.verdict.bound.further_calls_needed
    assert needed is not None
    assert needed >= 66 - made - 1


def test_a_file_of_another_name_is_copied_for_the_library(tmp_path: Path) -> None:
    with running_group(2, report_early=True) as group:
        path = tmp_path / "new.conf"
        path.write_bytes(Path(group.config_path).read_bytes())
        result = check(CheckRequest(str(path), FEW))
    assert result.verdict is not None, result.reason
    assert result.verdict.verdict == "sufficient"


def test_several_groups_have_to_be_chosen_from() -> None:
    with running_group(2, groups=2, report_early=True) as group:
        with pytest.raises(UsageError, match=r"slot 0, label emulated; slot 1, label emulated-2"):
            check(CheckRequest(group.config_path, FEW))
        result = check(request(group, choice="emulated-2"))
        assert result.group is not None
        assert result.group.slot == 1
        assert check(request(group, choice=0)).group is not None


def test_what_the_live_side_cannot_answer_is_said(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    cases = {
        b"": "names no library",
        b"Chrystoki2 = {\n LibUNIX64 = /no/such.so;\n}\n": "/no/such.so",
        b"HAConfiguration = {\n statusTimeout = soon;\n}\n": "statusTimeout on line 2",
    }
    for source, message in cases.items():
        path.write_bytes(source)
        result = check(CheckRequest(str(path), FEW))
        assert result.verdict is None
        assert message in result.reason
    with pytest.raises(FileError):
        check(CheckRequest(str(tmp_path / "absent.conf"), FEW))


def test_an_old_client_is_named_as_such() -> None:
    with running_group(2, current_ha_state=False, report_early=True) as group:
        result = check(request(group))
    assert result.verdict is None
    assert "10.7.0" in result.reason


def test_the_private_copy_is_private_and_removed_whatever_happens() -> None:
    document = parse(b"HAConfiguration = {\n  HAOnly = 1;\n}\n")
    with pytest.raises(KeyboardInterrupt), private_copy(document, "Chrystoki.conf", 60) as folder:  # noqa: PT012 - the block is what is tested
        copy = Path(folder) / "Chrystoki.conf"
        assert copy.read_bytes() == b"HAConfiguration = {\n  HAOnly = 1;\n  statusTimeout = 60;\n}\n"
        assert (copy.stat().st_mode & 0o777, Path(folder).stat().st_mode & 0o777) == (0o600, 0o700)
        raise KeyboardInterrupt
    assert not Path(folder).exists()


def test_a_budget_that_is_spent_leaves_out_runs_and_blames_nobody() -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], report_early=True) as group:
        spent = check(request(group, budget_seconds=0.5))
        short = check(request(group, plan=plan_for(), budget_seconds=25.0))
    assert spent.verdict is None
    assert "raise --budget" in spent.reason
    assert short.verdict is not None
    assert short.verdict.verdict == "inconclusive"
    assert [len(run.calls) for run in short.runs] == [2]
    assert short.needed_budget == 100
    assert "100 s are enough" in short.reason


def test_without_a_place_for_the_private_copy_the_calls_are_kept_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with running_group([MemberPlan(), MemberPlan(fault=Fault("refuse"))], report_early=True) as group:
        result = check(request(group, plan=plan_for()))
        assert result.verdict is not None
        assert result.verdict.verdict == "inconclusive"
        assert [(run.purpose, len(run.calls) >= 2) for run in result.runs] == [("main", True)]
        assert "no directory for a private copy of the configuration (No such file or directory)" in result.reason
        assert "TMPDIR" in result.reason
        other = tmp_path / "new.conf"
        other.write_bytes(Path(group.config_path).read_bytes())
        nothing = check(CheckRequest(str(other), FEW))
    assert nothing.verdict is None
    assert "TMPDIR" in nothing.reason
