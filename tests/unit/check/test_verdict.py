"""The verdict: its decision table, and what comes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confkit.check.evidence import head_room_limit
from confkit.check.results import plan_for
from confkit.check.verdict import judge, wants_ceiling_run, wants_head_room_run
from confkit.live.calls import MemberStatus, Run
from testing.runs import DEVICE_ERROR, TIMEOUT, A, B, C, clean, cut_off, delayed, failing, hung, run, spread
from testing.verdict_cases import A_FAILS, A_FAILS_AT_60, CASES, Case

PLAN = plan_for()


def judged(case: Case) -> tuple[Run, Run | None, Run | None]:
    ceiling = None if case.ceiling is None else run(60, case.ceiling)
    shorter = head_room_limit(case.limit) or 0
    head_room = None if case.head_room is None else run(shorter, case.head_room)
    main = run(case.limit, [*case.main, *(case.again or ())])
    if case.again is not None:
        main = replace(main, resumed_at=len(case.main))
    return main, ceiling, head_room


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_decision_table(case: Case) -> None:
    result = judge(PLAN, *judged(case))
    letters = "".join(member.verdict[0] for member in sorted(result.members, key=lambda member: member.serial))
    assert (result.verdict, letters) == (case.verdict, case.members), result.reason
    assert result.bound.further_calls_needed == case.further


def test_members_carry_their_statuses_and_calls_their_counts() -> None:
    made = [*spread(57, failing(A), failing(A, C, status=DEVICE_ERROR)), cut_off(), hung()]
    result = judge(PLAN, run(3, made, planned=100))
    statuses = {member.serial: dict(member.statuses) for member in result.members}
    assert statuses == {A: {0: 55, DEVICE_ERROR: 1, TIMEOUT: 1}, B: {0: 57}, C: {0: 56, DEVICE_ERROR: 1}}
    counts = result.calls
    assert (counts.planned, counts.completed, counts.exceeded, counts.censored) == (100, 58, 3, 1)


def test_failures_of_a_member_that_is_down_are_no_exceedances() -> None:
    result = judge(PLAN, run(3, [A_FAILS] * 59), run(60, [A_FAILS_AT_60] * 3))
    assert result.calls.exceeded == 0


def test_a_serial_listed_twice_has_to_be_fine_twice() -> None:
    once = run(3, [clean()] * 59)
    twice = [replace(call, members=(*call.members, MemberStatus(A, TIMEOUT))) for call in once.calls]
    assert judge(PLAN, replace(once, calls=tuple(twice))).calls.exceeded == 59


def test_elapsed_times_are_of_calls_that_came_back_from_the_intended_start() -> None:
    made = [*(clean(i / 64) for i in range(1, 100)), hung(), cut_off(), delayed(1.0)]
    elapsed = judge(PLAN, run(3, made)).elapsed
    assert elapsed is not None
    assert (elapsed.min, elapsed.median, elapsed.p95, elapsed.p99) == (1 / 64, 50 / 64, 94 / 64, 98 / 64)
    assert elapsed.max == 99 / 64
    assert judge(PLAN, run(3, [hung()])).elapsed is None


def test_calls_that_depend_on_each_other_are_thinned_and_the_verdict_says_so() -> None:
    waves = [clean(0.25 + 2.0 * (i // 10 % 2)) for i in range(100)]  # ten fast, ten slow, and so on
    result = judge(PLAN, run(3, waves))
    assert result.weakened
    assert result.autocorrelation == pytest.approx(0.8, abs=0.03)
    assert result.bound.calls == 100 // 6 + 1
    assert result.verdict == "inconclusive"
    assert "only one in 6 counts, which leaves 17 of 100" in result.reason
    assert judge(PLAN, run(3, waves * 8)).verdict == "sufficient"


def test_a_stretch_of_failures_in_the_ceiling_run_weakens_the_verdict() -> None:
    at_ceiling = [*[failing(A, duration=0.01)] * 10, *[clean()] * 49]
    assert judge(PLAN, run(3, [A_FAILS] * 59), run(60, at_ceiling)).weakened


def test_jitter_far_below_the_bar_weakens_nothing() -> None:
    drifting = [clean(0.010 + i / 1000) for i in range(59)]
    result = judge(PLAN, run(3, drifting))
    assert (result.verdict, result.weakened, result.autocorrelation) == ("sufficient", False, None)


def test_a_smaller_share_needs_more_calls() -> None:
    plan = plan_for(tolerated=0.01)
    assert plan.calls == 299
    assert judge(plan, run(3, [clean()] * 299)).verdict == "sufficient"
    assert judge(plan, run(3, [clean()] * 298)).verdict == "inconclusive"


def test_runs_under_the_wrong_limit_are_refused() -> None:
    main = run(6, [clean()] * 59)
    with pytest.raises(ValueError, match="a ceiling run at 59 s"):
        judge(PLAN, main, ceiling=run(59, [clean()]))
    with pytest.raises(ValueError, match="a run at 6 s says nothing about head-room at 6 s"):
        judge(PLAN, main, head_room=run(6, [clean()]))


def test_the_shorter_limit_is_a_whole_number_not_above_the_bar() -> None:
    limits = {limit: head_room_limit(limit) for limit in (3, 4, 5, 6, 7, 10, 12, 60)}
    assert limits == {3: None, 4: 3, 5: 4, 6: 5, 7: 5, 10: 8, 12: 10, 60: 50}


def test_which_further_runs_are_wanted() -> None:
    assert wants_ceiling_run(PLAN, run(3, [A_FAILS] * 59))
    assert not wants_ceiling_run(PLAN, run(60, [A_FAILS_AT_60] * 59))  # it is the ceiling
    assert not wants_ceiling_run(PLAN, run(3, spread(93, A_FAILS)))  # T is proven all the same
    assert not wants_ceiling_run(PLAN, run(3, [clean()] * 20))  # too few calls, but no failure to explain
    assert not wants_ceiling_run(PLAN, run(3, [cut_off()]))
    assert wants_head_room_run(PLAN, run(6, [clean(6.0)] * 59))
    assert not wants_head_room_run(PLAN, run(3, [clean(3.0)] * 59))  # no shorter limit
    assert not wants_head_room_run(PLAN, run(6, [clean()] * 59))  # times tell
    assert not wants_head_room_run(PLAN, run(6, [clean(6.0)] * 20))  # T is not proven
