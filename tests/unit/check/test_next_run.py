"""Which run comes next."""

from __future__ import annotations

import pytest

from confkit.check.evidence import gather
from confkit.check.next_run import is_enough, needed_seconds, next_run
from confkit.check.results import plan_for
from testing.runs import A, B, C, Made, clean, failing, run, runs, spread, without_list

PLAN = plan_for()
A_FAILS = failing(A)
ALL_FAIL = failing(A, B, C)
LOST = without_list(0xE0, 3.0)


def test_a_check_begins_at_the_configured_timeout() -> None:
    following = next_run(gather(PLAN, [run(3, [])]), 600.0)
    assert following is not None
    assert (following.purpose, following.limit, following.calls) == ("main", 3, 400)


def test_the_ceiling_run_comes_at_once_after_two_or_three_failures() -> None:
    following = next_run(gather(PLAN, [run(3, [A_FAILS] * 2)]), 590.0)
    assert following is not None
    assert (following.purpose, following.limit) == ("ceiling", 60)
    assert is_enough(gather(PLAN, [run(3, [A_FAILS] * 2)]), "main")


@pytest.mark.parametrize("made", [ALL_FAIL, LOST])
def test_a_group_that_is_lost_is_looked_at_for_as_long_as_a_small_budget_allows(made: Made) -> None:
    following = next_run(gather(PLAN, [run(3, [made] * 2)]), 43.0)
    assert following is not None
    assert following.purpose == "ceiling"
    assert 20 <= following.limit < 43


def test_a_single_member_is_not_judged_by_less_than_60_s() -> None:
    evidence = gather(PLAN, [run(3, [A_FAILS] * 2)])
    assert next_run(evidence, 43.0) is None
    assert needed_seconds(evidence) == 100


def test_members_that_fail_at_once_need_no_minute() -> None:
    following = next_run(gather(PLAN, [run(3, [failing(A, duration=0.01)] * 3)]), 30.0)
    assert following is not None
    assert (following.purpose, following.limit) == ("ceiling", 60)


def test_one_call_at_60_s_is_enough_where_all_suspects_fail_in_it() -> None:
    made = runs(3, [A_FAILS] * 2, [failing(A, duration=60.0)])
    assert is_enough(gather(PLAN, made), "ceiling")
    following = next_run(gather(PLAN, made), 500.0)
    assert following is not None
    assert following.purpose == "main"
    assert next_run(gather(PLAN, runs(3, [A_FAILS] * 2, [failing(A, duration=60.0)], [A_FAILS])), 500.0) is None


def test_a_limit_that_was_not_in_force_ends_the_check() -> None:
    made = runs(3, [A_FAILS] * 2, [failing(A, duration=3.0)] * 2)
    assert is_enough(gather(PLAN, made), "ceiling")
    assert next_run(gather(PLAN, made), 500.0) is None


def test_five_answers_at_60_s_are_enough_where_every_call_failed_and_more_where_few_did() -> None:
    always = runs(3, [A_FAILS] * 2, [clean(3.5)] * 5)
    rarely = runs(3, [*[clean()] * 20, *[A_FAILS] * 3], [clean(3.5)] * 5)
    assert is_enough(gather(PLAN, always), "ceiling")
    assert not is_enough(gather(PLAN, always), "ceiling", thorough=True)
    assert not is_enough(gather(PLAN, rarely), "ceiling")


def test_a_slow_member_is_confirmed_and_then_all_is_said() -> None:
    for again, is_over in ((1, False), (2, True)):
        evidence = gather(PLAN, runs(3, [A_FAILS] * 2, [clean(3.5)] * 5, [A_FAILS] * again))
        assert (next_run(evidence, 500.0) is None) is is_over


def test_failures_that_60_s_are_shown_to_cure_leave_only_their_share_to_be_found() -> None:
    """Of 230 calls 18 failed: neither proven nor refuted, and 400 are allowed."""
    once, slow = [clean()], clean(5.0)
    made = [
        run(3, spread(34, *[A_FAILS] * 3)),
        run(60, spread(66, *[slow] * 6), purpose="ceiling"),
        run(3, spread(50, *[A_FAILS] * 4)),
        run(60, once, purpose="ceiling"),
        run(3, spread(50, *[A_FAILS] * 4)),
        run(60, once, purpose="ceiling"),
        run(3, spread(96, *[A_FAILS] * 7)),
    ]
    evidence = gather(PLAN, made)
    assert not evidence.is_refuted(evidence.certain)
    assert not is_enough(evidence, "main")
    following = next_run(evidence, 400.0)
    assert following is not None
    assert (following.purpose, following.calls) == ("main", 170)
    # the same failures without a cure: further ones explain nothing
    unexplained = [
        one if one.purpose == "main" else run(60, [clean()] * len(one.calls), purpose="ceiling") for one in made
    ]
    assert next_run(gather(PLAN, unexplained), 400.0) is None


def test_a_run_for_head_room_comes_where_times_say_nothing() -> None:
    following = next_run(gather(PLAN, [run(6, [clean(6.0)] * 66)]), 500.0)
    assert following is not None
    assert (following.purpose, following.limit) == ("head_room", 5)
    assert next_run(gather(PLAN, [run(6, [clean()] * 66)]), 500.0) is None
