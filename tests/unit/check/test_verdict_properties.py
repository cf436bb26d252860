"""What holds for any calls whatever."""

from __future__ import annotations

import dataclasses
import random

from hypothesis import assume, given
from hypothesis import strategies as st

from confkit.check.results import CheckPlan, VerdictResult, plan_for
from confkit.check.verdict import judge
from confkit.live.calls import Call, Run
from testing.runs import DEVICE_ERROR, GROUP, TIMEOUT, TOKEN_NOT_PRESENT, A, Made, clean, failing, run

PLAN = plan_for()
PASSES = {"sufficient": 2, "tight": 1}

durations = st.floats(0.0, 70.0) | st.sampled_from([0.01, 2.5, 3.0, 3.1, 60.0])
codes = st.sampled_from([0, 0, 0, TIMEOUT, DEVICE_ERROR, TOKEN_NOT_PRESENT, 0x54, 2**64 - 1])
listings = st.dictionaries(st.sampled_from([*GROUP, "", "1"]), codes, max_size=4)
calls = st.one_of(
    st.builds(clean, st.floats(0.0, 2.0)),
    st.builds(Made, durations, codes, listings, st.just(value=False), st.floats(0.0, 5.0)),
    st.builds(Made, st.none(), st.none(), st.just({}), st.booleans()),
)
# Long runs of few kinds of calls: short runs of many kinds would hardly ever pass.
blocks = st.lists(st.tuples(calls, st.integers(1, 60)), max_size=6)
runs = blocks.map(lambda parts: [made for made, times in parts for _ in range(times)])


def mixed(parts: tuple[list[Made], int]) -> list[Made]:
    """Shuffle by a seed: to let hypothesis draw every step of it takes ten times as long."""
    made, seed = parts
    return random.Random(seed).sample(made, len(made))


seeds = st.integers(0, 2**32)
shuffled = st.tuples(runs, seeds).map(mixed)
few_bad = st.tuples(st.lists(calls, max_size=4), st.integers(50, 150)).map(
    lambda parts: parts[0] + [clean()] * parts[1]
)
mostly_clean = st.tuples(few_bad, seeds).map(mixed)
plans = st.builds(CheckPlan, st.floats(0.02, 0.5), st.floats(0.5, 0.999), st.just(59), st.booleans())


def check_what_always_holds(result: VerdictResult, plan: CheckPlan, made: list[Made]) -> None:
    bound, counts = result.bound, result.calls
    assert counts.completed + counts.censored + counts.settling == len(made)
    assert 0 <= counts.exceeded <= counts.completed
    assert 0 <= bound.lower <= 1
    assert 0 <= bound.upper <= 1
    assert bound.calls <= len(made)
    assert result.reason
    assert result.recommendation_reason
    assert result.recommended_seconds is None or 3 <= result.recommended_seconds <= 60
    if result.verdict in PASSES:
        assert bound.upper <= plan.tolerated
        assert bound.calls >= plan.fewest_calls
        assert {member.verdict for member in result.members} <= {"ok"}
    if result.verdict == "insufficient":
        assert bound.lower >= plan.tolerated
    if result.verdict == "inconclusive":
        assert bound.upper >= plan.tolerated
    else:
        assert bound.further_calls_needed == 0


@given(plans, st.integers(3, 60), shuffled | runs | mostly_clean, st.none() | shuffled, st.none() | shuffled)
def test_any_calls_get_a_verdict_that_its_bounds_bear_out(
    plan: CheckPlan, limit: int, main: list[Made], ceiling: list[Made] | None, head_room: list[Made] | None
) -> None:
    made = [run(limit, main)]
    if ceiling is not None and limit < 60:
        made.append(run(60, ceiling, purpose="ceiling"))
    if head_room is not None:
        made.append(run(limit * 5 // 6, head_room, purpose="head_room"))
    result = judge(plan, made)
    check_what_always_holds(result, plan, main)


@given(mostly_clean, st.data())
def test_an_exceedance_never_improves_a_verdict(main: list[Made], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(main) - 1))
    bad = data.draw(st.sampled_from([failing(A), clean(2.75), clean(3.5), Made(None, None, {}, censored=True)]))
    assume(main[at] == clean())
    before = judge(PLAN, [run(3, main)])
    after = judge(PLAN, [run(3, [*main[:at], bad, *main[at + 1 :]])])
    # One more exceedance may make a series look less dependent; then another number of calls is counted.
    assume(before.bound.calls == after.bound.calls)
    assert PASSES.get(after.verdict, 0) <= PASSES.get(before.verdict, 0)
    assert after.bound.upper >= before.bound.upper


@given(mostly_clean)
def test_the_further_clean_calls_are_those_that_were_missing(main: list[Made]) -> None:
    before = judge(PLAN, [run(3, main)])
    further = before.bound.further_calls_needed
    assume(before.verdict == "inconclusive" and further is not None and not before.weakened)
    after = judge(PLAN, [run(3, [*main, *[clean()] * (further or 0)])])
    assume(not after.weakened)
    assert after.verdict in PASSES
    one_less = judge(PLAN, [run(3, [*main, *[clean()] * ((further or 0) - 1)])])
    assert one_less.verdict == "inconclusive"


@given(st.integers(3, 29), shuffled | mostly_clean)
def test_the_verdict_does_not_depend_on_the_unit_of_time(limit: int, main: list[Made]) -> None:
    doubled = [made._replace(duration=made.duration and 2 * made.duration, delay=2 * made.delay) for made in main]
    slow, fast = judge(PLAN, [from_zero(run(limit, main))]), judge(PLAN, [from_zero(run(2 * limit, doubled))])
    assert (slow.verdict, slow.bound, slow.calls) == (fast.verdict, fast.bound, fast.calls)


def from_zero(measured: Run) -> Run:
    """Start every call at 0, so that doubling its times loses no digit."""
    at_zero = tuple(
        dataclasses.replace(
            call,
            intended=0.0,
            started=call.started - call.intended,
            returned=None if call.returned is None else call.returned - call.intended,
        )
        for call in measured.calls
    )
    return dataclasses.replace(measured, calls=at_zero)


@given(shuffled, shuffled, st.permutations(GROUP))
def test_the_order_of_the_members_does_not_matter(main: list[Made], ceiling: list[Made], order: list[str]) -> None:
    made = [run(3, main), run(60, ceiling, purpose="ceiling"), run(3, main)]
    first = judge(PLAN, [reordered(one, order) for one in made])
    second = judge(PLAN, made)
    assert (first.verdict, first.bound, first.recommended_seconds) == (
        second.verdict,
        second.bound,
        second.recommended_seconds,
    )
    assert {m.serial: m.verdict for m in first.members} == {m.serial: m.verdict for m in second.members}


def reordered(measured: Run, order: list[str]) -> Run:
    def by_order(call: Call) -> Call:
        members = sorted(call.members, key=lambda member: [*order, "", "1"].index(member.serial))
        return dataclasses.replace(call, members=tuple(members))

    return dataclasses.replace(measured, calls=tuple(map(by_order, measured.calls)))


@given(st.lists(st.floats(0.001, 48.0), min_size=66, max_size=90), st.data())
def test_a_recommended_limit_is_the_least_that_suffices_for_the_same_calls(
    times: list[float], data: st.DataObject
) -> None:
    made = [clean(time) for time in times]
    recommended = judge(PLAN, [run(60, made)]).recommended_seconds
    assume(recommended is not None and recommended < 60)
    limit = (recommended or 0) + data.draw(st.integers(-1, 3))
    assume(3 <= limit < 60)
    result = judge(PLAN, [run(limit, made)])
    assume(not result.weakened and "unknown" not in result.reason)
    assert (result.verdict == "sufficient") == (limit >= (recommended or 0))
    assert result.recommended_seconds == recommended
