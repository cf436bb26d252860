"""The statusTimeout that the measured call times support, with head-room of 20 %.

`recommended`: the smallest bar that the boundaries of the plan prove, were it the limit. The sample is chosen before
any time is looked at: the calls at T where none of them called for a ceiling run, else the calls at 60 s. For a bar
below the true quantile the share of longer calls is above p0, and the boundaries ever prove that with a chance of at
most 1-c: so the smallest bar that is proven is too small in at most 1-c of checks, however many calls were made.

`at_least`: what the slowest call seen needs. It promises nothing about others, and says so.
"""

from __future__ import annotations

import bisect
import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.readings import HEAD_ROOM, informative
from confkit.core.timeout import MAXIMUM_SECONDS, MINIMUM_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.evidence import Evidence
    from confkit.check.readings import Reading
    from confkit.check.results import CheckPlan


class Recommendation(NamedTuple):
    """Whole seconds, or None; and why."""

    seconds: int | None
    reason: str


def recommend(evidence: Evidence) -> Recommendation:
    """Return the smallest timeout that one sample supports at the plan's confidence.

    A call in which a member failed, or that was cut off, took longer than can be seen: it ranks last, it is not left
    out. Nothing is extrapolated.
    """
    run, limit = _sample(evidence)
    bar = _proven_bar(run, evidence)
    if bar is None:
        needed = evidence.dependence.step * evidence.plan.fewest_calls
        more = " (--thorough makes them)" if evidence.ceiling_runs else ""
        return Recommendation(None, f"{len(run)} calls at {limit} s are too few to tell: {needed} are needed{more}")
    if not any(reading.clean for reading in run) or (math.isinf(bar) and limit >= MAXIMUM_SECONDS):
        return Recommendation(None, f"too many calls failed at {limit} s to tell from their times")
    if not informative(run, limit):
        return Recommendation(None, _uninformative(limit))
    if math.isinf(bar):
        return Recommendation(None, f"too many calls were cut at {limit} s: only a run at {MAXIMUM_SECONDS} s can tell")
    return _with_head_room(bar, len(run), evidence.plan)


def _with_head_room(bar: float, calls: int, plan: CheckPlan) -> Recommendation:
    seconds = _rounded(bar)
    if seconds is None:
        return Recommendation(None, _beyond(bar))
    return Recommendation(
        seconds,
        f"at most {100 * plan.tolerated:.3g} % of calls take longer than {bar:.2f} s (confidence "
        f"{100 * plan.confidence:.6g} %, {calls} calls); with 20 % head-room, rounded up, at least "
        f"{MINIMUM_SECONDS} s",
    )


def at_least(evidence: Evidence) -> Recommendation:
    """Return the timeout that the slowest clean call at the ceiling needs: less is too short for certain."""
    times = [one.elapsed for one in evidence.ceiling_calls if one.clean and one.elapsed is not None]
    limit = evidence.ceiling.limit
    if not times:
        return Recommendation(None, f"no call at {MAXIMUM_SECONDS} s was answered by every member")
    if not informative(evidence.ceiling_calls, limit):
        return Recommendation(None, _uninformative(limit))
    seconds = _rounded(max(times))
    if seconds is None:
        return Recommendation(None, _beyond(max(times)))
    return Recommendation(seconds, f"the slowest of {len(times)} calls at {limit} s took {max(times):.1f} s")


def _sample(evidence: Evidence) -> tuple[Sequence[Reading], int]:
    if evidence.ceiling_runs:
        return evidence.ceiling_calls, evidence.ceiling.limit
    return evidence.main, evidence.limit


def _proven_bar(run: Sequence[Reading], evidence: Evidence) -> float | None:
    """Return the least time that is proven as a bar: infinite when that call was cut, None for too few calls."""
    times = [one.elapsed if one.clean and one.elapsed is not None else math.inf for one in run]
    candidates = sorted(set(times))

    def is_proven(bar: float) -> bool:
        return evidence.is_proven([time > bar for time in times])

    place = bisect.bisect_left(candidates, x=True, key=is_proven)
    return candidates[place] if place < len(candidates) else None


def _rounded(bar: float) -> int | None:
    fitting = (seconds for seconds in range(MINIMUM_SECONDS, MAXIMUM_SECONDS + 1) if bar <= seconds / HEAD_ROOM)
    return next(fitting, None)


def _beyond(bar: float) -> str:
    return f"calls take up to {bar:.2f} s; with 20 % head-room that is beyond {MAXIMUM_SECONDS} s, the maximum"


def _uninformative(limit: int) -> str:
    return (
        f"calls take about as long as their limit of {limit} s allows whatever the members do, so their times say "
        "nothing: raise statusTimeout in steps and check again"
    )
