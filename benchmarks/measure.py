"""Two sides measured in turn in one run, so that whatever else the machine does falls on both."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Side(NamedTuple):
    """One side of a comparison: its name with its version, and a function that returns one measured figure."""

    name: str
    measure: Callable[[], float]


class Comparison(NamedTuple):
    """What both sides came to; `goal` is the highest ratio (ours / theirs) that is good enough, None if none is set."""

    what: str
    unit: str
    ours: str
    theirs: str
    our_median: float
    their_median: float
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours divided by theirs: under 1 is smaller, that is better."""
        return self.our_median / self.their_median

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, None where there is none."""
        return None if self.goal is None else self.ratio <= self.goal


def in_turn(  # noqa: PLR0913 - what is compared, and how
    what: str, ours: Side, theirs: Side, *, rounds: int, goal: float | None = None, unit: str = "s", note: str = ""
) -> Comparison:
    """Measure ours, theirs, ours, theirs ... `rounds` times, after one round that does not count, and take medians."""
    figures: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for side, kept in zip((ours, theirs), figures, strict=True):
            figure = side.measure()
            if number:
                kept.append(figure)
    our_median, their_median = (statistics.median(kept) for kept in figures)
    return Comparison(what, unit, ours.name, theirs.name, our_median, their_median, goal, note)


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the seconds one call of `work` takes, from `repeats` calls in a row (more than one for short work)."""
    started = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - started) / repeats
