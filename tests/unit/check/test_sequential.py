"""The boundaries keep both errors exactly, whatever the plan, and need few calls."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from confkit.check import sequential
from confkit.check.results import CheckPlan, plan_for
from confkit.check.sequential import Decision, boundaries, decide, default_maximum, fewest_calls, share_bounds

PLANS = [
    plan_for(),
    plan_for(0.05, 0.99),
    plan_for(0.1, 0.9),
    plan_for(0.2, 0.8),
    plan_for(0.01, 0.95),
    plan_for(0.05, 0.95, 59),
    plan_for(0.5, 0.85, 3),
]


def chances(plan: CheckPlan) -> tuple[Fraction, Fraction]:
    """Return the exact chances that the lines of "proven" and of "refuted" are ever touched at the tolerated share.

    An independent walk in whole numbers: `going[k]` of `denominator ** n` ways lead to k exceedances in n calls. Each
    line is walked by itself, so that both bounds hold also where evidence is continued after the other was touched.
    """
    p = Fraction(str(plan.tolerated))
    lines = boundaries(plan.tolerated, plan.confidence, plan.calls, plan.horizon)
    found = []
    for line, is_below in ((lines.proven_at, True), (lines.refuted_at, False)):
        going, touched = {0: 1}, 0
        for at in line:
            after: dict[int, int] = {}
            for k, ways in going.items():
                after[k] = after.get(k, 0) + ways * (p.denominator - p.numerator)
                after[k + 1] = after.get(k + 1, 0) + ways * p.numerator
            touched *= p.denominator
            going = {}
            for k, ways in after.items():
                if k <= at if is_below else k >= at:
                    touched += ways
                elif not is_below or k <= line[-1]:  # who has more than the line ever allows never touches it
                    going[k] = ways
        found.append(Fraction(touched, p.denominator ** len(line)))
    return found[0], found[1]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.tolerated}, {plan.confidence}, {plan.calls}")
def test_both_errors_are_at_most_what_the_confidence_allows(plan: CheckPlan) -> None:
    falsely_proven, falsely_refuted = chances(plan)
    allowed = 1 - Fraction(str(plan.confidence))
    assert 0 < falsely_proven <= allowed
    assert 0 < falsely_refuted <= allowed


def run_lengths(plan: CheckPlan, p: float) -> tuple[float, float]:
    """Return the chances of "proven" and "refuted", whichever comes first, within the calls of the plan."""
    lines = boundaries(plan.tolerated, plan.confidence, plan.calls, plan.horizon)
    going, proven, refuted = {0: 1.0}, 0.0, 0.0
    for low, high in zip(*lines, strict=True):
        after: dict[int, float] = {}
        for k, chance in going.items():
            after[k] = after.get(k, 0.0) + chance * (1 - p)
            after[k + 1] = after.get(k + 1, 0.0) + chance * p
        proven += sum(chance for k, chance in after.items() if k <= low)
        refuted += sum(chance for k, chance in after.items() if k >= high)
        going = {k: chance for k, chance in after.items() if low < k < high}
    return proven, refuted


def test_a_larger_share_is_proven_less_often_and_refuted_more_often() -> None:
    shares = [0.001, 0.01, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5]
    found = [run_lengths(plan_for(), share) for share in shares]
    assert [proven for proven, _ in found] == sorted((proven for proven, _ in found), reverse=True)
    assert [refuted for _, refuted in found] == sorted(refuted for _, refuted in found)


def test_the_default_plan_needs_few_calls() -> None:
    plan = plan_for()
    assert (plan.calls, plan.fewest_calls) == (400, 66)
    assert decide([False] * 66, 0.05, 0.95).proven_after == 66
    assert decide([True] * 3, 0.05, 0.95).refuted_after in {2, 3}
    assert run_lengths(plan, 0.01)[0] >= 0.95
    assert run_lengths(plan, 0.15)[1] >= 0.95


def test_a_plan_with_few_calls_spends_all_of_its_error_in_them() -> None:
    assert fewest_calls(0.05, 0.95, 59) == 59
    assert decide([False] * 59, 0.05, 0.95, horizon=59).proven_after == 59
    assert decide([True] * 3, 0.5, 0.85, horizon=3).refuted_after == 3


def test_boundaries_do_not_depend_on_how_far_they_are_wanted() -> None:
    short, long = boundaries(0.05, 0.95, 100), boundaries(0.05, 0.95, 900)
    assert long.proven_at[:100] == short.proven_at
    assert long.refuted_at[:100] == short.refuted_at


def test_boundaries_come_at_once() -> None:
    sequential.boundaries.cache_clear()
    began = time.process_time()
    boundaries(0.05, 0.95, 400)
    assert time.process_time() - began < 0.05


def test_other_plans_make_calls_in_proportion() -> None:
    assert [default_maximum(*pair) for pair in ((0.05, 0.95), (0.01, 0.95), (0.1, 0.95))] == [400, 2000, 200]


@pytest.mark.parametrize(
    ("flags", "lower", "upper"),
    [
        ([False] * 66, (0.0, 0.0), (0.04, 0.05)),
        ([False] * 65, (0.0, 0.0), (0.044, 0.056)),
        ([True] * 3, (0.2, 0.4), (1.0, 1.0)),
        ([], (0.0, 0.0), (1.0, 1.0)),
        ([*[False] * 19, True] * 10, (0.02, 0.05), (0.05, 0.1)),
    ],
)
def test_bounds_go_with_the_lines(flags: list[bool], lower: tuple[float, float], upper: tuple[float, float]) -> None:
    made = decide(flags, 0.05, 0.95)
    found = share_bounds(made, 0.05, 0.95)
    assert lower[0] <= found.lower <= lower[1]
    assert upper[0] <= found.upper <= upper[1]


@pytest.mark.parametrize("proven_after", [66, 117, 170, 215])
def test_the_upper_bound_is_at_most_what_is_tolerated_just_where_it_is_proven(proven_after: int) -> None:
    exceeded = (66, 117, 170, 215).index(proven_after)
    flags = [*[True] * exceeded, *[False] * (proven_after - exceeded)]
    at = decide(flags, 0.05, 0.95)
    before = decide(flags[:-1], 0.05, 0.95)
    assert (at.proven_after, before.proven_after) == (proven_after, None)
    assert share_bounds(at._replace(refuted_after=None), 0.05, 0.95).upper <= 0.05
    assert share_bounds(before._replace(refuted_after=None), 0.05, 0.95).upper >= 0.05


def test_a_decision_counts_what_it_was_given() -> None:
    assert decide([], 0.05, 0.95) == Decision(0, 0, None, None)
