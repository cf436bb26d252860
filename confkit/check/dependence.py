"""Calls that depend on each other count for less: how much less, and bounds that keep to it.

The exact bounds hold for independent calls. At a lag-1 autocorrelation of 0.9 a bound that ignores it is wrong in 20
to 40 % of runs instead of under 5 %. So the calls are thinned: every step-th counts.

When: the autocorrelation is above 0.3 and above 2/sqrt(n), twice its standard error without dependence. By simulation
(Gaussian AR(1), 4,000 runs each; tolerated share 5 and 1 %, true share 1.2 times that, 59 to 1,000 calls) the unthinned
bound at 95 % is falsely passed in at most 3.4 % of runs at 0.3 and 5.0 % at 0.4, then in 7 % at 0.5 and 14 % at 0.7:
above 0.3 no reserve is left. At 59 independent calls the rule thins 1 run in 40 without need, which costs calls, never
truth.

How far: an AR(1) correlation of rho falls to rho^step, so the step is the smallest with rho^step <= 0.3. The same
simulation then gives at most 2.8 % at every rho. Which calls stay would be a choice that could be made in favour of a
verdict; so the worst of all phases counts, and the whole series too: thinning never strengthens a statement.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from confkit.check.bounds import autocorrelation, has_fallen

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")

HIGH = 0.3
"""From this lag-1 autocorrelation on calls are thinned."""


class Dependence(NamedTuple):
    """The largest lag-1 autocorrelation found (None: none can be told), and the step of the thinning; 1 is none."""

    rho: float | None
    step: int


def dependence(series: Sequence[Sequence[float]]) -> Dependence:
    """Judge several series of the same check: the most dependent one decides."""
    found = [(rho, len(values)) for values in series if (rho := autocorrelation(values)) is not None]
    largest = max((rho for rho, _ in found), default=None)
    return Dependence(largest, max((_step(rho, n) for rho, n in found), default=1))


def _step(rho: float, n: int) -> int:
    if rho <= max(HIGH, 2 / math.sqrt(n)):
        return 1
    return min(n, math.ceil(math.log(HIGH) / math.log(rho)))


def varying(values: Sequence[float], scale: float) -> Sequence[float]:
    """Give `values`, or nothing when they all lie within `scale`: their jitter says nothing about the bar."""
    return values if values and max(values) - min(values) >= scale else ()


def phases(items: Sequence[Item], step: int) -> list[Sequence[Item]]:
    """Give the whole series and, for a step above 1, every one of its thinnings."""
    return [items] if step == 1 else [items, *(items[start::step] for start in range(step))]


def fell(before: Sequence[bool], after: Sequence[bool], step: int, confidence: float) -> bool:
    """Return whether the share of True in `after` is lower than in `before`, with this confidence, in every phase."""
    pairs = {
        ((sum(was), len(was)), (sum(now), len(now)))
        for was, now in zip(phases(before, step), phases(after, step), strict=True)
    }
    return all(has_fallen(was, now, confidence) for was, now in pairs)
