"""The smallest statusTimeout that the measured call times support, with the vendor's head-room of 20 %."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.bounds import clean_calls_needed, order_statistic_rank
from confkit.check.dependence import phases
from confkit.check.outcomes import HEAD_ROOM, informative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.outcomes import Reading
    from confkit.check.results import CheckPlan

MINIMUM_SECONDS = 3
CEILING_SECONDS = 60
"""The bounds of statusTimeout, as in the catalogue."""


class Recommendation(NamedTuple):
    """Whole seconds, or None; and why."""

    seconds: int | None
    reason: str


class TimesSample(NamedTuple):
    """A run to recommend from: its outcomes and the limit it ran under, in seconds."""

    run: Sequence[Reading]
    limit: int


def recommend(samples: Sequence[TimesSample], step: int, plan: CheckPlan) -> Recommendation:
    """Take the first of `samples` that can tell: the run at T, else (calls were cut at T) the ceiling run.

    A call in which a member failed, or that was cut off, took longer than can be seen: it ranks last, it is not left
    out. So the r-th shortest time is a bar that at most the tolerated share exceeds, or it is not known at all; nothing
    is extrapolated.
    """
    answer = Recommendation(None, "no call was made")
    for sample in samples:
        answer = _from_sample(sample, step, plan)
        if answer.seconds is not None:
            break
    return answer


def _from_sample(sample: TimesSample, step: int, plan: CheckPlan) -> Recommendation:
    run, limit = sample
    bar = _supported_bar(run, step, plan)
    if bar is None:
        needed = step * clean_calls_needed(plan.tolerated, plan.confidence)
        return Recommendation(None, f"{len(run)} calls at {limit} s are too few to tell: {needed} are needed")
    if not any(outcome.clean for outcome in run) or (math.isinf(bar) and limit >= CEILING_SECONDS):
        return Recommendation(None, f"too many calls failed at {limit} s to tell from their times")
    if not informative(run, limit):
        return Recommendation(
            None,
            f"calls take about as long as their limit of {limit} s allows whatever the members do, so their times say "
            "nothing: raise statusTimeout in steps and check again",
        )
    if math.isinf(bar):
        return Recommendation(None, f"too many calls were cut at {limit} s: only a run at {CEILING_SECONDS} s can tell")
    return _rounded(bar, len(run), plan)


def _supported_bar(run: Sequence[Reading], step: int, plan: CheckPlan) -> float | None:
    """Give the call time that at most the tolerated share exceeds: the largest over all phases, None if n is too small.

    Infinite when that call was cut.
    """
    times = [outcome.elapsed if outcome.clean and outcome.elapsed is not None else math.inf for outcome in run]
    bars = [_order_statistic(part, plan) for part in phases(times, step)]
    known = [bar for bar in bars if bar is not None]
    return max(known) if known and len(known) == len(bars) else None


def _order_statistic(times: Sequence[float], plan: CheckPlan) -> float | None:
    rank = order_statistic_rank(len(times), plan.tolerated, plan.confidence)
    return None if rank is None else sorted(times)[rank - 1]


def _rounded(bar: float, calls: int, plan: CheckPlan) -> Recommendation:
    fitting = (seconds for seconds in range(MINIMUM_SECONDS, CEILING_SECONDS + 1) if bar <= seconds / HEAD_ROOM)
    seconds = next(fitting, None)
    if seconds is None:
        return Recommendation(
            None, f"calls take up to {bar:.2f} s; with 20 % head-room that is beyond {CEILING_SECONDS} s, the maximum"
        )
    return Recommendation(
        seconds,
        f"at most {100 * plan.tolerated:.3g} % of calls take longer than {bar:.2f} s (confidence "
        f"{100 * plan.confidence:.6g} %, {calls} calls); with 20 % head-room, rounded up, at least {MINIMUM_SECONDS} s",
    )
