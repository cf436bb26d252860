"""Everything the verdict rests on, counted once: from runs of calls to flags, findings and bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check import dependence
from confkit.check.members import MemberFinding, MemberRuns, dead_members, judge_members
from confkit.check.outcomes import HEAD_ROOM, informative, late_after, may_exceed, must_exceed, outcomes, serials_of
from confkit.check.recommendation import CEILING_SECONDS, MINIMUM_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.outcomes import Reading
    from confkit.check.results import CheckPlan
    from confkit.live.calls import Run

JITTER = 0.1
"""Call times that differ by less than a tenth of the bar are equal as far as dependence goes."""


class Asked(NamedTuple):
    """A question asked of every call of a run, as the words for a call that is bad, and the answers: True is bad."""

    question: str
    flags: tuple[bool, ...]


class Evidence(NamedTuple):
    """The runs, read and counted.

    `possible`: calls at T that may be exceedances (for the upper bound); `certain`: those that are, and that a longer
    limit would cure (for the lower bound). `head_room`: what was asked at T/1.2, empty when nothing could be asked.
    `group_lost`: no call listed a member, and every call of both runs returned a code that means a lost group.
    """

    plan: CheckPlan
    limit: int
    main: tuple[Reading, ...]
    ceiling: tuple[Reading, ...]
    findings: tuple[MemberFinding, ...]
    group_lost: bool
    dependence: dependence.Dependence
    possible: tuple[bool, ...]
    certain: tuple[bool, ...]
    head_room: tuple[Asked, ...]

    @property
    def upper(self) -> float:
        """Upper bound on the share of exceedances at T."""
        return dependence.upper(self.possible, self.dependence.step, self.plan.confidence)

    @property
    def lower(self) -> float:
        """Lower bound on the share of exceedances at T that a longer limit would cure."""
        return dependence.lower(self.certain, self.dependence.step, self.plan.confidence)

    @property
    def too_many(self) -> bool:
        """More failures than tolerated, whatever their cause: further calls at T settle nothing.

        This is advice, not a verdict: all calls count, also where the verdict thins them.
        """
        failed = [flag and not outcome.censored for flag, outcome in zip(self.possible, self.main, strict=True)]
        return dependence.lower(failed, 1, self.plan.confidence) > self.plan.tolerated

    @property
    def further_calls(self) -> int:
        """How many further clean calls at T would bring the upper bound down to what is tolerated."""
        plan = self.plan
        return dependence.further_calls(self.possible, self.dependence.step, plan.tolerated, plan.confidence)

    @property
    def counted(self) -> int:
        """How many calls at T are left after thinning."""
        return len(self.possible[:: self.dependence.step])

    def passes(self, flags: Sequence[bool]) -> bool:
        """Tell whether the upper bound on the share of `flags` is at or below what is tolerated."""
        return dependence.upper(flags, self.dependence.step, self.plan.confidence) <= self.plan.tolerated


def head_room_limit(limit_seconds: int) -> int | None:
    """Give the limit of the shorter run that shows head-room: T/1.2, rounded down, None where that is under 3 s.

    Down, because statusTimeout is a whole number: who passes there passes at T/1.2, too.
    """
    shorter = limit_seconds * 5 // 6  # whole numbers: 6 / 1.2 must be 5
    return shorter if shorter >= MINIMUM_SECONDS else None


def gather(plan: CheckPlan, main: Run, ceiling: Run | None, head_room: Run | None) -> Evidence:
    """Read the runs. ValueError for a ceiling under 60 s, or a shorter run that is not as short as T/1.2."""
    limit = main.limit_seconds
    if ceiling is None and limit >= CEILING_SECONDS:
        ceiling = main  # there is no longer limit to try
    _check_limits(limit, ceiling, head_room)
    serials = serials_of([run for run in (main, ceiling, head_room) if run is not None])
    at_limit = outcomes(main, serials)
    at_ceiling = outcomes(ceiling, serials) if ceiling is not None else ()
    dead = dead_members(serials, at_ceiling)
    possible = _flags(at_limit, dead, late_after(limit))
    asked = _times_asked(at_limit, limit, dead) + _shorter_run(head_room, serials, dead)
    ceiling_flags = _flags(at_ceiling, dead, late_after(CEILING_SECONDS))
    depends = dependence.dependence(
        [*_varying_times(at_limit, at_ceiling, limit), possible, ceiling_flags, *(one.flags for one in asked)]
    )
    findings, curable = judge_members(
        serials, MemberRuns(at_limit, possible, at_ceiling, depends.step, main.resumed_at), plan
    )
    return Evidence(
        plan=plan,
        limit=limit,
        main=at_limit,
        ceiling=at_ceiling,
        findings=findings,
        group_lost=not serials and bool(at_ceiling) and not any(outcome.silent for outcome in at_limit + at_ceiling),
        dependence=depends,
        possible=possible,
        certain=tuple(must_exceed(outcome, curable, late_after(limit)) for outcome in at_limit),
        head_room=asked,
    )


def _check_limits(limit: int, ceiling: Run | None, head_room: Run | None) -> None:
    if ceiling is not None and ceiling.limit_seconds < CEILING_SECONDS:
        raise ValueError(f"a ceiling run at {ceiling.limit_seconds} s")
    if head_room is not None and head_room.limit_seconds > limit / HEAD_ROOM:
        raise ValueError(f"a run at {head_room.limit_seconds} s says nothing about head-room at {limit} s")


def _flags(run: Sequence[Reading], dead: frozenset[str], bar: float) -> tuple[bool, ...]:
    return tuple(may_exceed(outcome, dead, bar) for outcome in run)


def _times_asked(run: Sequence[Reading], limit: int, dead: frozenset[str]) -> tuple[Asked, ...]:
    if not informative(run, limit):
        return ()
    bar = limit / HEAD_ROOM
    return (Asked(f"took longer than {bar:.3g} s", _flags(run, dead, bar)),)


def _shorter_run(run: Run | None, serials: Sequence[str], dead: frozenset[str]) -> tuple[Asked, ...]:
    if run is None or not run.calls:
        return ()
    limit = run.limit_seconds
    return (Asked(f"failed under a limit of {limit} s", _flags(outcomes(run, serials), dead, late_after(limit))),)


def _varying_times(main: Sequence[Reading], ceiling: Sequence[Reading], limit: int) -> list[Sequence[float]]:
    """Give the call times of both runs as far as their order says something about exceedances.

    Times count up to the bar with head-room (beyond, they are cut at the limit, and an exceedance anyway), and only
    where they differ by a tenth of it at T: the jitter of calls that all take a few milliseconds says nothing about
    2.5 s.
    """
    bar = limit / HEAD_ROOM
    series = (_times(main, bar), _times(ceiling, CEILING_SECONDS / HEAD_ROOM))
    return [dependence.varying(times, JITTER * bar) for times in series]


def _times(run: Sequence[Reading], at_most: float) -> list[float]:
    return [min(math.inf if outcome.elapsed is None else outcome.elapsed, at_most) for outcome in run]
