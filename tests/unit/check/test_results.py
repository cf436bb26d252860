"""The plan: the question that is fixed before the first call."""

from __future__ import annotations

import pytest

from confkit.check.results import CheckPlan, plan_for
from confkit.core.errors import UsageError


def test_the_default_plan_leaves_room_and_a_given_one_is_kept() -> None:
    assert plan_for() == CheckPlan(0.05, 0.95, 400)
    assert plan_for(calls=7) == CheckPlan(0.05, 0.95, 7, is_last=True)
    assert plan_for(calls=900) == CheckPlan(0.05, 0.95, 900)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 2.0, float("nan")])
def test_a_plan_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(UsageError, match=r"tolerated share is .* between 0 and 1"):
        plan_for(tolerated=share)
    with pytest.raises(UsageError, match=r"confidence is .* between 0 and 1"):
        plan_for(confidence=share)


@pytest.mark.parametrize("calls", [0, -5])
def test_a_plan_without_calls_is_refused(calls: int) -> None:
    with pytest.raises(UsageError, match="whole number from 1 on"):
        plan_for(calls=calls)
