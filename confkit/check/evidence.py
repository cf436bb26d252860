"""Everything the verdict rests on, counted once: from runs of calls to flags, findings and decisions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check import dependence
from confkit.check.ceiling import CeilingRun, ceiling_run, is_dead
from confkit.check.members import MemberFinding, MemberRuns, judge_members
from confkit.check.readings import (
    HEAD_ROOM,
    WHOLE_GROUP,
    informative,
    late_after,
    listed_serials,
    may_exceed,
    must_exceed,
    readings,
    same_serial,
)
from confkit.check.sequential import ShareBounds, calls_missing, decide, share_bounds
from confkit.core.timeout import MAXIMUM_SECONDS, MINIMUM_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.readings import Reading
    from confkit.check.results import CheckPlan
    from confkit.check.sequential import Decision
    from confkit.live.calls import Run

JITTER = 0.1
"""Call times that differ by less than a tenth of the bar are equal as far as dependence goes."""


class Asked(NamedTuple):
    """A question asked of every call of a run, as the words for a call that is bad, and the answers: True is bad."""

    question: str
    flags: tuple[bool, ...]


class Evidence(NamedTuple):
    """The runs, read and counted.

    `main` are the calls at T that count, `settling` those that do not; `resumed_at` is the index of the first in `main`
    that came after a ceiling run, None where there was no such run. `ceiling` and `shorter` are the calls at 60 s and
    at T/1.2. `names` has the members as the library spells them,
    `not_listed` those that the file names and no call listed.
    `possible`: calls at T that may be exceedances; `certain`: those that are, and that a longer limit would cure.
    `head_room`: what was asked at T/1.2, empty when nothing could be asked. `group_lost`: no call listed a member, and
    the group is down as a whole.
    """

    plan: CheckPlan
    limit: int
    main: tuple[Reading, ...]
    settling: int
    resumed_at: int | None
    ceiling: CeilingRun
    ceiling_calls: tuple[Reading, ...]
    ceiling_runs: int
    shorter: tuple[Reading, ...]
    names: dict[str, str]
    not_listed: tuple[str, ...]
    findings: tuple[MemberFinding, ...]
    group_lost: bool
    dependence: dependence.Dependence
    possible: tuple[bool, ...]
    certain: tuple[bool, ...]
    head_room: tuple[Asked, ...]

    def decisions(self, flags: Sequence[bool]) -> list[Decision]:
        """Return what the whole series says and, where calls depend on each other, what each of its thinnings does."""
        plan = self.plan
        parts = dependence.phases(flags, self.dependence.step)
        return [decide(part, plan.tolerated, plan.confidence, plan.horizon) for part in parts]

    def is_proven(self, flags: Sequence[bool]) -> bool:
        """Return whether at most the tolerated share of `flags` is True, at the plan's confidence."""
        return all(decision.proven_after is not None for decision in self.decisions(flags))

    def is_refuted(self, flags: Sequence[bool]) -> bool:
        """Return whether more than the tolerated share of `flags` is True, at the plan's confidence."""
        return all(decision.refuted_after is not None for decision in self.decisions(flags))

    @property
    def bounds(self) -> ShareBounds:
        """Bounds on the share of exceedances: the lower one of those that a longer limit would cure."""
        plan = self.plan

        def both(flags: Sequence[bool]) -> list[ShareBounds]:
            return [
                share_bounds(decision, plan.tolerated, plan.confidence, plan.horizon)
                for decision in set(self.decisions(flags))
            ]

        return ShareBounds(min(one.lower for one in both(self.certain)), max(one.upper for one in both(self.possible)))

    @property
    def too_many(self) -> bool:
        """More failures than tolerated, whatever their cause: further calls at T settle nothing.

        This is advice, not a verdict: all calls count, also where the verdict thins them.
        """
        plan = self.plan
        failed = [flag and not reading.censored for flag, reading in zip(self.possible, self.main, strict=True)]
        return decide(failed, plan.tolerated, plan.confidence, plan.horizon).refuted_after is not None

    @property
    def further_calls(self) -> int | None:
        """How many further clean calls at T would prove it; None where they are more than there is room for.

        A call missing in a thinned series is missing `step` times.
        """
        plan = self.plan
        whole, *thinned = (
            calls_missing(one, plan.tolerated, plan.confidence, plan.horizon) for one in self.decisions(self.possible)
        )
        if whole is None or None in thinned:
            return None
        return max(whole, *(self.dependence.step * (missing or 0) for missing in thinned), 0)

    @property
    def counted(self) -> int:
        """How many calls at T are left after thinning."""
        return len(self.possible[:: self.dependence.step])

    @property
    def suspects(self) -> frozenset[str]:
        """The members that failed at T; all of them where no call gave a list."""
        return frozenset(serial for reading in self.main for serial in reading.failed)


def head_room_limit(limit_seconds: int) -> int | None:
    """Return the limit of the shorter run that shows head-room: T/1.2, rounded down, None where that is under 3 s.

    Down, because statusTimeout is a whole number: who passes there passes at T/1.2, too.
    """
    shorter = limit_seconds * 5 // 6  # whole numbers: 6 / 1.2 must be 5
    return shorter if shorter >= MINIMUM_SECONDS else None


def gather(plan: CheckPlan, runs: Sequence[Run], expected: Sequence[str] = ()) -> Evidence:
    """Read the runs, in the order in which they were made. `expected` are the members that the file names.

    ValueError for runs that do not belong together.
    """
    limit = _limit_of(runs)
    listed = listed_serials(runs)
    file_names = {same_serial(serial): serial for serial in expected}
    names = listed or file_names or {WHOLE_GROUP: ""}
    first_ceiling = next((index for index, run in enumerate(runs) if run.purpose == "ceiling" and run.calls), len(runs))
    before = [one for run in runs[:first_ceiling] if run.purpose == "main" for one in readings(run, names)]
    after = [one for run in runs[first_ceiling:] if run.purpose == "main" for one in readings(run, names)]
    main = tuple(reading for reading in (*before, *after) if reading.counted)
    at_ceiling = [run for run in runs if run.purpose == "ceiling"]
    resumed_at = sum(reading.counted for reading in before) if first_ceiling < len(runs) else None
    ceiling_calls = tuple(one for run in at_ceiling for one in readings(run, names))
    longest = min((run.limit_seconds for run in at_ceiling), default=MAXIMUM_SECONDS)
    ceiling = ceiling_run(longest, ceiling_calls, limit, main)
    if limit >= MAXIMUM_SECONDS:
        ceiling = ceiling_run(limit, main, limit, main)  # there is no longer limit to try
    sides = (main, ()) if resumed_at is None else (main[:resumed_at], main[resumed_at:])
    dead = _dead(names, ((), ()) if limit >= MAXIMUM_SECONDS else sides, ceiling)
    shorter = tuple(one for run in runs if run.purpose == "head_room" for one in readings(run, names))
    possible = _flags(main, dead, late_after(limit))
    asked = _times_asked(main, limit, dead) + _shorter_run(runs, shorter, dead)
    flags_at_ceiling = _flags(ceiling.telling, dead, late_after(ceiling.limit))
    depends = dependence.dependence(
        [*_varying_times(main, ceiling.telling, limit), possible, flags_at_ceiling, *(one.flags for one in asked)]
    )
    evidence = Evidence(
        plan=plan,
        limit=limit,
        main=main,
        settling=len(before) + len(after) - len(main),
        resumed_at=resumed_at,
        ceiling=ceiling,
        ceiling_calls=ceiling_calls,
        ceiling_runs=len([run for run in at_ceiling if run.calls]),
        shorter=shorter,
        names=names,
        not_listed=tuple(name for key, name in file_names.items() if key not in listed) if listed else (),
        findings=(),
        group_lost=not listed and bool(dead) and dead >= frozenset(names),
        dependence=depends,
        possible=possible,
        certain=(),
        head_room=asked,
    )
    member_runs = MemberRuns(main, possible, ceiling, limit, depends.step, resumed_at)
    serials = [serial for serial in names if serial]
    findings, curable = judge_members(serials, member_runs, plan, dead, is_proven=evidence.is_proven(possible))
    certain = tuple(must_exceed(reading, curable, late_after(limit)) for reading in main)
    return evidence._replace(findings=findings, certain=certain)


def _limit_of(runs: Sequence[Run]) -> int:
    limits = {run.limit_seconds for run in runs if run.purpose == "main"}
    if len(limits) != 1:
        raise ValueError(f"main runs at {sorted(limits)} s")
    (limit,) = limits
    for run in runs:
        if run.purpose == "ceiling" and run.limit_seconds <= limit:
            raise ValueError(f"a ceiling run at {run.limit_seconds} s, for {limit} s")
        if run.purpose == "head_room" and run.limit_seconds > limit / HEAD_ROOM:
            raise ValueError(f"a run at {run.limit_seconds} s says nothing about head-room at {limit} s")
    return limit


def _dead(
    names: dict[str, str], sides: tuple[Sequence[Reading], Sequence[Reading]], ceiling: CeilingRun
) -> frozenset[str]:
    """Return the members that are down. At less than 60 s (a small budget) only the group as a whole can be."""
    dead = frozenset(serial for serial in names if is_dead(serial, sides[0], ceiling, sides[1]))
    if ceiling.limit < MAXIMUM_SECONDS and len(dead) < len(names):
        return frozenset()
    return dead


def _flags(run: Sequence[Reading], dead: frozenset[str], bar: float) -> tuple[bool, ...]:
    return tuple(may_exceed(reading, dead, bar) for reading in run)


def _times_asked(run: Sequence[Reading], limit: int, dead: frozenset[str]) -> tuple[Asked, ...]:
    if not informative(run, limit):
        return ()
    bar = limit / HEAD_ROOM
    return (Asked(f"took longer than {bar:.3g} s", _flags(run, dead, bar)),)


def _shorter_run(runs: Sequence[Run], read: Sequence[Reading], dead: frozenset[str]) -> tuple[Asked, ...]:
    limit = next((run.limit_seconds for run in runs if run.purpose == "head_room"), None)
    if limit is None or not read:
        return ()
    return (Asked(f"failed under a limit of {limit} s", _flags(read, dead, late_after(limit))),)


def _varying_times(main: Sequence[Reading], ceiling: Sequence[Reading], limit: int) -> list[Sequence[float]]:
    """Return the call times of both runs as far as their order says something about exceedances.

    Times count up to the bar with head-room (beyond, they are cut at the limit, and an exceedance anyway), and only
    where they differ by a tenth of it at T: the jitter of calls that all take a few milliseconds says nothing about
    2.5 s.
    """
    bar = limit / HEAD_ROOM
    series = (_times(main, bar), _times(ceiling, MAXIMUM_SECONDS / HEAD_ROOM))
    return [dependence.varying(times, JITTER * bar) for times in series]


def _times(run: Sequence[Reading], at_most: float) -> list[float]:
    return [min(math.inf if reading.elapsed is None else reading.elapsed, at_most) for reading in run]
