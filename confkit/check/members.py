"""Each member: ok, slow, down, not_listed or unknown. A ceiling run (statusTimeout 60 s) tells slow from down.

What a longer limit would cure is told by Fisher's exact test between the run at T and the ceiling run, at the plan's
confidence: one failure at T that is not seen again at 60 s proves nothing, a member that always fails at T and answers
three times at 60 s is slow.

A member that was down for a while and came back looks slow in these two runs. Two things tell it apart: T is tried once
more after the ceiling run, and a slow member fails again; and a slow member is seen to be slow, in a ceiling call that
takes about T or longer, while one that came back answers at once.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.bounds import has_fallen, lower_bound
from confkit.check.dependence import fell
from confkit.check.readings import MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.ceiling import CeilingRun
    from confkit.check.readings import Reading
    from confkit.check.results import CheckPlan, MemberVerdict


SURE = 0.999


class MemberFinding(NamedTuple):
    """One member: its verdict, its failures among the completed calls at T, and among the telling ones at 60 s.

    `changed`: it failed far more often on one side of the ceiling run than on the other, which no limit explains.
    """

    serial: str
    verdict: MemberVerdict
    failed: int
    calls: int
    failed_at_ceiling: int
    calls_at_ceiling: int
    changed: bool


class MemberRuns(NamedTuple):
    """The calls at T that count, with its possible exceedances; the ceiling run; the limit T; the step of thinning.

    `resumed_at`: the index of the first call at T that came after the ceiling run, None where there was none.
    """

    main: Sequence[Reading]
    possible: Sequence[bool]
    ceiling: CeilingRun
    limit: int
    step: int
    resumed_at: int | None


def judge_members(
    serials: Sequence[str], runs: MemberRuns, plan: CheckPlan, dead: frozenset[str], *, is_proven: bool
) -> tuple[tuple[MemberFinding, ...], frozenset[str]]:
    """Return the finding for every member, and the members whose failures at T a longer limit is shown to cure.

    `dead` are the members that are down at the ceiling, too; `is_proven`: no more calls exceed T than are tolerated.

    The cure is judged over all members that are not down, together: 32 members that fail now and then are a group that
    fails often, while no single one of them would prove a thing. Which of them are slow is another question.
    """
    first = [_tally(serial, runs, plan) for serial in serials]
    down = {finding.serial for finding in first if finding.serial in dead or _comes_and_goes(finding, plan)}
    steady = (finding.serial for finding in first if finding.serial not in down and not finding.changed)
    cut = frozenset(serial for serial in steady if _was_cut(serial, runs))
    curable = cut if _cured(cut, runs, plan) else frozenset()
    slow = _slow(curable, runs, plan)
    unharmed = {finding.serial for finding in first if is_proven or not finding.failed}
    findings = (finding._replace(verdict=_verdict(finding.serial, down, unharmed, slow)) for finding in first)
    return tuple(findings), curable


def _was_cut(serial: str, runs: MemberRuns) -> bool:
    """Return whether the member failed in a call that lasted as long as its limit: without one no limit has cut it.

    One is enough: once a member is known to be unreachable the library need not wait for it again.
    """
    return any(serial in reading.failed and not reading.early and not reading.censored for reading in runs.main)


def _tally(serial: str, runs: MemberRuns, plan: CheckPlan) -> MemberFinding:
    main = [serial in reading.failed for reading in runs.main if not reading.censored]
    ceiling = [serial in reading.failed for reading in runs.ceiling.telling]
    changed = _changed(serial, runs, plan)
    return MemberFinding(serial, "unknown", sum(main), len(main), sum(ceiling), len(ceiling), changed)


def _changed(serial: str, runs: MemberRuns, plan: CheckPlan) -> bool:
    """Return whether its share of failures at T changed over the ceiling run (Fisher, both tails)."""
    counts = [(sum(side), len(side)) for side in _sides(_failures(frozenset({serial}), runs), runs)]
    either_tail = (1 + plan.confidence) / 2
    return any(has_fallen(one, other, either_tail) for one, other in itertools.permutations(counts, 2))


def _comes_and_goes(finding: MemberFinding, plan: CheckPlan) -> bool:
    """Return whether the member fails at the ceiling far more often than is tolerated: 60 s do not suffice, either.

    At a confidence of 99.9 % or more: a living member whose answers rarely take over a minute must not be called down.
    """
    failed, calls = finding.failed_at_ceiling, finding.calls_at_ceiling
    return 0 < failed < calls and lower_bound(failed, calls, max(SURE, plan.confidence)) > plan.tolerated


def _cured(serials: frozenset[str], runs: MemberRuns, plan: CheckPlan) -> bool:
    """Return whether some of `serials` fail less often at the ceiling; whatever is open counts against it.

    Where T was tried again afterwards, the failures must have come back, and begun more often than at the ceiling. It
    is not enough to count them: a library that has lost a member fails with it until it reconnects, which is up to
    AutoReconnectInterval later: many calls at T, and one at the ceiling.
    """
    at_limit = _failures(serials, runs)
    if not _seen_slow(runs):
        return False
    at_ceiling = [not serials.isdisjoint(reading.failed) for reading in runs.ceiling.telling]
    if not (_came_back(at_limit, runs) and fell(at_limit, at_ceiling, runs.step, plan.confidence)):
        return False
    began = [beginning for side in _sides(at_limit, runs) for beginning in _beginnings(side)]
    return runs.resumed_at is None or fell(began, _beginnings(at_ceiling), 1, plan.confidence)


def _seen_slow(runs: MemberRuns) -> bool:
    """Return whether some ceiling call came back with all the time that a slow member needs: about T, or more."""
    needed = (1 - MARGIN) * runs.limit
    answered = (reading.duration for reading in runs.ceiling.telling if reading.answered)
    return any(duration is not None and duration >= needed for duration in answered)


def _failures(serials: frozenset[str], runs: MemberRuns) -> list[bool]:
    """Say of every call at T whether some of `serials` failed in it and the limit may be the cause."""
    return [not (reading.lost or reading.censored or serials.isdisjoint(reading.failed)) for reading in runs.main]


def _sides(failures: Sequence[bool], runs: MemberRuns) -> list[Sequence[bool]]:
    """Return what was before the ceiling run, and what came after it where T was tried again."""
    if runs.resumed_at is None:
        return [failures]
    return [failures[: runs.resumed_at], failures[runs.resumed_at :]]


def _came_back(failures: Sequence[bool], runs: MemberRuns) -> bool:
    """Return whether there are failures at T, and again after the ceiling run where T was tried again."""
    return all(map(any, _sides(failures, runs)))


def _beginnings(failures: Sequence[bool]) -> list[bool]:
    """Say of every call that followed on none that failed whether it failed; the first call of a process is one."""
    return [failed for before, failed in itertools.pairwise((False, *failures)) if not before]


def _slow(curable: frozenset[str], runs: MemberRuns, plan: CheckPlan) -> frozenset[str]:
    """Return those who are shown to be slow by themselves, or by what the others leave unexplained, and no others.

    A member that was down for one call, while two slow ones failed in all of them, is not slow on their account; nor is
    one that failed on one side of the ceiling run alone, while others failed on the other.
    """
    alone = frozenset(serial for serial in curable if _cured(frozenset({serial}), runs, plan))
    rest = curable - alone
    if not _cured(rest, runs, plan):
        return alone
    return alone | {serial for serial in rest if _came_back(_failures(frozenset({serial}), runs), runs)}


def _verdict(serial: str, down: set[str], unharmed: set[str], slow: frozenset[str]) -> MemberVerdict:
    if serial in down:
        return "down"
    if serial in unharmed:
        return "ok"
    return "slow" if serial in slow else "unknown"
