"""The verdict: its decision table, and what comes with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confkit.check.evidence import gather, head_room_limit
from confkit.check.next_run import wants_ceiling, wants_head_room
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from confkit.live.calls import MemberStatus, Run
from testing.runs import DEVICE_ERROR, TIMEOUT, A, B, C, Made, clean, cut_off, delayed, failing, hung, run, runs, spread
from testing.verdict_cases import A_FAILS, A_FAILS_AT_60, AT_ONCE, CASES, Case

PLAN = plan_for()
AFTER = 2  # calls at T that come after the ceiling run where a case does not say which


def judged(case: Case) -> list[Run]:
    main, again = list(case.main), case.again
    if case.ceiling is not None and again is None:
        main, again = main[:-AFTER], main[-AFTER:]
    return runs(case.limit, main, case.ceiling, again, case.head_room)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_decision_table(case: Case) -> None:
    result = judge(PLAN, judged(case))
    letters = "".join(member.verdict[0] for member in sorted(result.members, key=lambda member: member.serial))
    assert (result.verdict, letters) == (case.verdict, case.members), result.reason
    assert result.bound.further_calls_needed == case.further


def test_members_carry_their_statuses_and_calls_their_counts() -> None:
    made = [*spread(57, failing(A), failing(A, C, status=DEVICE_ERROR)), cut_off(), hung()]
    result = judge(PLAN, [run(3, made, planned=100)])
    statuses = {member.serial: dict(member.statuses) for member in result.members}
    assert statuses == {A: {0: 55, DEVICE_ERROR: 1, TIMEOUT: 1}, B: {0: 57}, C: {0: 56, DEVICE_ERROR: 1}}
    counts = result.calls
    assert (counts.planned, counts.completed, counts.exceeded, counts.censored) == (400, 58, 3, 1)


def test_failures_of_a_member_that_is_down_are_no_exceedances() -> None:
    assert judge(PLAN, runs(3, [A_FAILS] * 3, [A_FAILS_AT_60], [A_FAILS])).calls.exceeded == 0


def test_a_serial_listed_twice_has_to_be_fine_twice_and_is_reported() -> None:
    once = run(3, [clean()] * 66)
    twice = [replace(call, members=(*call.members, MemberStatus(A, TIMEOUT))) for call in once.calls]
    result = judge(PLAN, [replace(once, calls=tuple(twice))])
    assert result.calls.exceeded == 66
    assert f"Member {A} is listed more than once" in result.notes[0]


def test_one_living_entry_of_a_serial_keeps_its_member_from_being_down() -> None:
    living = MemberStatus(A, 0)
    made = [
        replace(one, calls=tuple(replace(call, members=(*call.members, living)) for call in one.calls))
        for one in runs(3, [A_FAILS] * 3, [A_FAILS_AT_60], [A_FAILS])
    ]
    assert "down" not in {member.verdict for member in judge(PLAN, made).members}


def test_elapsed_times_are_of_calls_that_came_back_from_the_intended_start() -> None:
    made = [*(clean(i / 64) for i in range(1, 100)), hung(), cut_off(), delayed(1.0)]
    elapsed = judge(PLAN, [run(3, made)]).elapsed
    assert elapsed is not None
    assert (elapsed.min, elapsed.median, elapsed.p95, elapsed.p99) == (1 / 64, 50 / 64, 94 / 64, 98 / 64)
    assert elapsed.max == 99 / 64
    assert judge(PLAN, [run(3, [hung()])]).elapsed is None


def test_calls_that_depend_on_each_other_are_thinned_and_the_verdict_says_so() -> None:
    waves = [clean(0.25 + 2.0 * (i // 10 % 2)) for i in range(100)]  # ten fast, ten slow, and so on
    result = judge(PLAN, [run(3, waves)])
    assert result.weakened
    assert result.autocorrelation == pytest.approx(0.8, abs=0.03)
    assert result.bound.calls == 100 // 6 + 1
    assert result.verdict == "inconclusive"
    assert "only one in 6 counts: 17 of 100" in result.reason
    assert judge(PLAN, [run(3, waves * 8)]).verdict == "sufficient"


def test_a_stretch_of_failures_in_the_ceiling_run_weakens_the_verdict() -> None:
    at_ceiling = [*[failing(A, duration=0.01)] * 10, *[clean()] * 49]
    assert judge(PLAN, runs(3, [A_FAILS] * 59, at_ceiling)).weakened


def test_jitter_far_below_the_bar_weakens_nothing() -> None:
    drifting = [clean(0.010 + i / 1000) for i in range(66)]
    result = judge(PLAN, [run(3, drifting)])
    assert (result.verdict, result.weakened, result.autocorrelation) == ("sufficient", False, None)


def test_a_smaller_share_needs_more_calls() -> None:
    plan = plan_for(tolerated=0.01)
    assert (plan.calls, plan.fewest_calls) == (2000, 334)
    assert judge(plan, [run(3, [clean()] * 334)]).verdict == "sufficient"
    assert judge(plan, [run(3, [clean()] * 333)]).verdict == "inconclusive"


def test_runs_that_do_not_belong_together_are_refused() -> None:
    main = run(6, [clean()] * 59)
    with pytest.raises(ValueError, match="a ceiling run at 6 s"):
        judge(PLAN, [main, run(6, [clean()], purpose="ceiling")])
    with pytest.raises(ValueError, match="a run at 6 s says nothing about head-room at 6 s"):
        judge(PLAN, [main, run(6, [clean()], purpose="head_room")])
    with pytest.raises(ValueError, match="main runs at"):
        judge(PLAN, [main, run(7, [clean()])])


def test_the_shorter_limit_is_a_whole_number_not_above_the_bar() -> None:
    limits = {limit: head_room_limit(limit) for limit in (3, 4, 5, 6, 7, 10, 12, 60)}
    assert limits == {3: None, 4: 3, 5: 4, 6: 5, 7: 5, 10: 8, 12: 10, 60: 50}


def test_a_member_that_the_file_names_and_no_call_lists_is_a_finding() -> None:
    result = judge(PLAN, [run(3, [clean()] * 66)], (A, B, C, "154438865290"))
    assert (result.verdict, result.members[-1].serial) == ("member_down", "154438865290")
    assert [member.verdict for member in result.members] == ["ok", "ok", "ok", "not_listed"]
    assert "Not listed: 154438865290" in result.reason


def test_serial_numbers_are_compared_as_numbers() -> None:
    padded = ("000" + A, B, "0" + C)
    assert judge(PLAN, [run(3, [clean()] * 66)], padded).verdict == "sufficient"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ([clean(group=(A, B))] * 6 + [clean()] * 60, f"Member {C} joined: it is missing from the list of the first 6"),
        ([clean()] * 60 + [clean(group=(A, B))] * 6, f"Member {C} left: it is missing from the list of the last 6"),
        (spread(66, *[clean(group=(A, B))] * 4), f"Member {C} is missing from the list of 4 of 66 calls"),
    ],
)
def test_a_member_that_joins_or_leaves_is_said_to(made: list[Made], words: str) -> None:
    assert words in judge(PLAN, [run(3, made)]).notes[0]


@pytest.mark.parametrize("cut", [3.0, 10.0, 45.0])
def test_nobody_is_down_where_the_library_did_not_apply_60_s(cut: float) -> None:
    result = judge(PLAN, runs(3, [A_FAILS] * 3, [failing(A, duration=cut)] * 3, [A_FAILS] * 2))
    assert result.verdict == "inconclusive"
    assert f"did not apply the timeout it was given: calls under 60 s were cut after {cut:.1f} s" in result.reason
    assert [member.verdict for member in result.members] == ["unknown", "ok", "ok"]


def test_a_slow_member_that_answers_explains_how_long_calls_take_in_which_another_fails() -> None:
    both, at_60 = failing(A, B), failing(A, duration=3.5)
    result = judge(PLAN, runs(3, [both] * 3, [at_60] * 5, [both] * 2))
    assert (result.verdict, [member.verdict for member in result.members]) == ("insufficient", ["down", "slow", "ok"])


def test_who_fails_at_once_is_down_only_after_a_second_look_when_members_have_had_time_to_connect() -> None:
    main, again = [AT_ONCE] * 3, [AT_ONCE]
    early = run(60, [AT_ONCE] * 4, purpose="ceiling", ages=(0.1, 0.2, 0.3, 0.4))
    late = run(60, [AT_ONCE] * 4, purpose="ceiling", ages=(0.1, 0.2, 4.9, 5.1))
    assert judge(PLAN, [run(3, main), early, run(3, again)]).verdict != "member_down"
    assert judge(PLAN, [run(3, main), late, run(3, again)]).verdict == "member_down"


def test_calls_while_members_may_be_connecting_do_not_count() -> None:
    ages = (0.1, 0.5, 4.9, *(5.0 + i for i in range(120)))
    result = judge(PLAN, [run(3, [*[AT_ONCE] * 3, *[clean()] * 116], ages=ages)])
    assert (result.calls.settling, result.calls.exceeded, result.verdict) == (2, 1, "sufficient")


def test_the_slowest_call_at_60_s_says_what_is_needed_at_least() -> None:
    result = judge(PLAN, runs(3, [A_FAILS] * 2, [clean(20.4)] * 5, [A_FAILS] * 2))
    assert (result.verdict, result.recommended_seconds, result.at_least_seconds) == ("insufficient", None, 25)
    assert "took 20.4 s" in result.at_least_reason


def test_a_recommendation_after_a_ceiling_run_rests_on_that_run_alone() -> None:
    result = judge(PLAN, runs(3, [A_FAILS] * 2, [clean(20.4)] * 66, [A_FAILS] * 2))
    assert (result.recommended_seconds, result.verdict) == (25, "insufficient")
    # of 117 calls at T one failed: enough for a recommendation, were there no ceiling run to take it from
    mixed = judge(PLAN, runs(3, spread(66, A_FAILS), [clean()] * 5, [clean()] * 117))
    assert mixed.recommended_seconds is None


def test_which_further_runs_are_wanted() -> None:
    def wants(limit: int, made: list[Made]) -> tuple[bool, bool]:
        evidence = gather(PLAN, [run(limit, made)])
        return wants_ceiling(evidence), wants_head_room(evidence)

    assert wants(3, [A_FAILS] * 2) == (True, False)
    assert wants(3, spread(40, *[A_FAILS] * 3)) == (True, False)
    assert wants(3, spread(40, *[A_FAILS] * 2)) == (False, False)
    assert wants(60, [A_FAILS_AT_60] * 59) == (False, False)  # it is the ceiling
    assert wants(3, spread(117, A_FAILS)) == (False, False)  # T is proven all the same
    assert wants(3, [cut_off()] * 3) == (False, False)
    assert wants(6, [clean(6.0)] * 66) == (False, True)
    assert wants(6, [clean()] * 66) == (False, False)  # times tell
    assert wants(6, [clean(6.0)] * 20) == (False, False)  # T is not proven
