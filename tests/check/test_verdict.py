"""The decision table of the verdict, row by row, and what is recommended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from confkit.check.evidence import head_room_limit
from confkit.check.results import MemberStatus, Run, plan_for
from confkit.check.verdict import judge, wants_ceiling_run, wants_head_room_run
from tests.check.runs import (
    DEVICE_ERROR,
    GROUP,
    NOT_SUPPORTED,
    TIMEOUT,
    TOKEN_NOT_PRESENT,
    A,
    B,
    C,
    Made,
    clean,
    cut_off,
    delayed,
    failing,
    hung,
    run,
    spread,
    without_list,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = plan_for()
LARGE_GROUP = tuple(str(154438865300 + i) for i in range(32))


class Case(NamedTuple):
    """A row: three runs, and the verdict, the members' verdicts and the further calls that they must give."""

    name: str
    limit: int
    main: Sequence[Made]
    verdict: str
    members: str  # the first letter of each member's verdict: ok, slow, down, unknown
    further: int | None = 0
    ceiling: Sequence[Made] | None = None
    head_room: Sequence[Made] | None = None


A_FAILS = failing(A)
AT_ONCE = failing(A, duration=0.01)
A_FAILS_AT_60 = failing(A, duration=60.0)
LATE = clean(4.0)
LOST = failing(*GROUP, status=DEVICE_ERROR, duration=0.01)
ALL_TIMED_OUT = failing(*GROUP, status=DEVICE_ERROR, duration=3.0)
EMPTY = without_list(0)

CASES = [
    # The number of calls
    Case("59 clean calls", 3, [clean()] * 59, "sufficient", "ooo"),
    Case("one call too few", 3, [clean()] * 58, "inconclusive", "ooo", 1),
    Case("no calls", 3, [], "inconclusive", "", 59),
    Case("one failure, open", 3, spread(59, A_FAILS), "inconclusive", "uoo", 34),
    Case("one failure, tolerated", 3, spread(93, A_FAILS), "sufficient", "ooo"),
    # Slow or down
    Case("slow", 3, [A_FAILS] * 59, "insufficient", "soo", ceiling=[LATE] * 10),
    Case("slow, one ceiling call", 3, [A_FAILS] * 59, "insufficient", "soo", ceiling=[LATE]),
    Case("slow at times", 3, spread(59, *[A_FAILS] * 12), "insufficient", "soo", ceiling=[LATE] * 59),
    Case("slow at times, few ceiling calls", 3, spread(59, *[A_FAILS] * 12), "inconclusive", "uoo", None, [LATE] * 3),
    Case("slow, no ceiling run", 3, [A_FAILS] * 59, "inconclusive", "uoo", None),
    Case("slow, ceiling run hung", 3, [A_FAILS] * 59, "inconclusive", "uoo", None, [hung()]),
    Case("slow, ceiling run cut off", 3, [A_FAILS] * 59, "inconclusive", "uoo", None, [cut_off()]),
    Case("slow, ceiling run without list", 3, [A_FAILS] * 59, "inconclusive", "uoo", None, [without_list(3)] * 5),
    Case("one failure, cured or not", 3, spread(59, A_FAILS), "inconclusive", "uoo", 34, [LATE] * 59),
    Case("down", 3, [A_FAILS] * 59, "member_down", "doo", ceiling=[A_FAILS_AT_60] * 3),
    Case("down since", 3, [clean()] * 59, "member_down", "doo", ceiling=[A_FAILS_AT_60] * 3),
    Case("missing from the list", 3, [clean(3.0, (B, C))] * 59, "insufficient", "soo", ceiling=[LATE] * 5),
    Case("missing at once", 3, [clean(group=(B, C))] * 59, "inconclusive", "uoo", None, ceiling=[LATE] * 5),
    Case("failed at once, not at 60 s", 3, [AT_ONCE] * 59, "inconclusive", "uoo", None, ceiling=[clean()] * 59),
    Case("cut once, then known", 3, [A_FAILS, *[AT_ONCE] * 58], "insufficient", "soo", ceiling=[LATE] * 59),
    Case("one down, one slow", 3, [failing(A, B)] * 59, "insufficient", "dso", ceiling=[A_FAILS_AT_60] * 5),
    Case("one down, two clean but late", 3, [A_FAILS] * 59, "member_down", "doo", ceiling=[A_FAILS_AT_60] * 5),
    Case(
        "32 members, each fails twice",
        3,
        spread(299, *[failing(one, group=LARGE_GROUP) for one in LARGE_GROUP * 2], good=clean(group=LARGE_GROUP)),
        "insufficient",
        "s" * 32,
        ceiling=[clean(4.0, LARGE_GROUP)] * 59,
    ),
    Case(
        "one of 32 slow",
        3,
        [failing(LARGE_GROUP[7], group=LARGE_GROUP)] * 59,
        "insufficient",
        "o" * 7 + "s" + "o" * 24,
        ceiling=[clean(4.0, LARGE_GROUP)] * 5,
    ),
    # Flapping
    Case(
        "flapping",
        3,
        spread(59, *[A_FAILS] * 15),
        "member_down",
        "doo",
        ceiling=spread(59, *[A_FAILS_AT_60] * 12),
    ),
    Case(
        "flapping, few ceiling calls",
        3,
        spread(59, *[A_FAILS] * 15),
        "member_down",
        "doo",
        ceiling=spread(5, A_FAILS_AT_60),
    ),
    Case(
        "mostly cured at 60 s",
        3,
        [A_FAILS] * 59,
        "insufficient",
        "soo",
        ceiling=spread(59, *[A_FAILS_AT_60] * 6),
    ),
    Case(
        "fails at times, tolerably, at 60 s too",
        3,
        spread(299, A_FAILS),
        "sufficient",
        "ooo",
        ceiling=spread(299, A_FAILS_AT_60),
    ),
    Case(
        "fails at 60 s only, at times",
        3,
        [clean()] * 59,
        "member_down",
        "doo",
        ceiling=spread(59, *[A_FAILS_AT_60] * 10),
    ),
    Case("down for one stretch", 3, [A_FAILS] * 30 + [clean()] * 29, "inconclusive", "uoo", None, [clean()] * 59),
    # The whole call
    Case("group lost at both", 3, [without_list(DEVICE_ERROR)] * 59, "member_down", "", 0, [without_list(0xE0)] * 3),
    Case("group lost, no ceiling run", 3, [without_list(TOKEN_NOT_PRESENT)] * 59, "inconclusive", "", None),
    Case("wrong function", 3, [without_list(NOT_SUPPORTED)] * 59, "inconclusive", "", None, [without_list(0x54)] * 3),
    Case("empty list at both", 3, [EMPTY] * 59, "inconclusive", "", None, [EMPTY] * 3),
    Case("empty list at T", 3, [EMPTY] * 59, "inconclusive", "uuu", None, [clean()] * 59),
    Case("all members lost at both", 3, [LOST] * 59, "member_down", "ddd", ceiling=[LOST] * 3),
    Case("all members lost, cured by a new process", 3, [LOST] * 59, "inconclusive", "uuu", None, [clean()] * 59),
    Case("all members timed out at T", 3, [ALL_TIMED_OUT] * 59, "insufficient", "sss", ceiling=[LATE] * 59),
    Case("hung at T", 3, [hung()] * 59, "insufficient", "sss", ceiling=[LATE] * 59),
    Case("hung at both", 3, [hung()] * 59, "inconclusive", "", None, [hung()] * 2),
    Case("cut off once, 58 clean", 3, spread(59, cut_off()), "inconclusive", "ooo", 34),
    Case("cut off once, 92 clean", 3, spread(93, cut_off()), "sufficient", "ooo"),
    Case("all cut off, ceiling clean", 3, [cut_off()] * 59, "inconclusive", "ooo", 1400, [LATE] * 59),
    # Time and head-room
    Case("clean and overlong", 3, [clean(5.0)] * 59, "insufficient", "ooo"),
    Case("clean, overlong at times", 3, spread(59, *[clean(5.0)] * 2), "inconclusive", "ooo", 65),
    Case("started late", 3, [delayed(4.0)] * 59, "insufficient", "ooo"),
    Case("exactly T/1.2", 3, [clean(2.5)] * 59, "sufficient", "ooo"),
    Case("above T/1.2", 3, [clean(2.625)] * 59, "tight", "ooo"),
    Case("one of 59 above T/1.2", 3, spread(59, clean(2.625)), "tight", "ooo"),
    Case("one of 93 above T/1.2", 3, spread(93, clean(2.625)), "sufficient", "ooo"),
    Case("returns when the time is over, T = 3", 3, [clean(3.0625)] * 59, "tight", "ooo"),
    Case("returns when the time is over", 6, [clean(6.0)] * 59, "tight", "ooo"),
    Case("the same, passes at 5 s", 6, [clean(6.0)] * 59, "sufficient", "ooo", head_room=[clean(5.0)] * 59),
    Case("the same, too few at 5 s", 6, [clean(6.0)] * 59, "tight", "ooo", head_room=[clean(5.0)] * 58),
    Case("the same, none at 5 s", 6, [clean(6.0)] * 59, "tight", "ooo", head_room=[]),
    Case(
        "the same, fails at 5 s",
        6,
        [clean(6.0)] * 59,
        "tight",
        "ooo",
        head_room=spread(59, failing(A, duration=5.0)),
    ),
    Case("quick, fails at 5 s", 6, [clean()] * 59, "tight", "ooo", head_room=spread(59, failing(A, duration=5.0))),
    # The longest limit
    Case("60 s, clean", 60, [clean()] * 59, "sufficient", "ooo"),
    Case("60 s, tight", 60, [clean(55.0)] * 59, "tight", "ooo"),
    Case("60 s, a member fails", 60, [A_FAILS_AT_60] * 59, "member_down", "doo"),
    Case("60 s, a member fails at times", 60, spread(59, *[A_FAILS_AT_60] * 10), "member_down", "doo"),
    Case("60 s, a member fails tolerably", 60, spread(93, A_FAILS_AT_60), "sufficient", "ooo"),
]


def judged(case: Case) -> tuple[Run, Run | None, Run | None]:
    ceiling = None if case.ceiling is None else run(60, case.ceiling)
    shorter = head_room_limit(case.limit) or 0
    head_room = None if case.head_room is None else run(shorter, case.head_room)
    return run(case.limit, case.main), ceiling, head_room


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
