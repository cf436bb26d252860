"""The live check from beginning to end: configuration, probe, the runs that explain failures, verdict.

    main run        at the configured statusTimeout, with the user's own file
    ceiling run     at 60 s, with a private copy of the file: only after failures, to tell slow members from those down
    once more       at T, when these two say that T is too short, for the group or for a member: one that was down
                    during the main run and back before the ceiling run looks slow, but only a slow one fails again
    head-room run   at T/1.2, like the ceiling run: only where call times say nothing

A run ends early where further calls cannot change what it is for: the main run once so many calls failed that no clean
remainder could lower the bound again (the verdict of the fixed plan is then certain, so nothing is peeked at), the
ceiling run once a member has failed in every one of its first calls, and these tell of the other members what they can.
"""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confkit.check.bounds import has_fallen, lower_bound
from confkit.check.evidence import head_room_limit
from confkit.check.verdict import judge, wants_ceiling_run, wants_head_room_run
from confkit.core import timeout
from confkit.core.errors import UnavailableError, UsageError
from confkit.live import probe
from confkit.live.calls import ProbeResult, Run
from confkit.live.session import open_session, target
from confkit.live.target import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confkit.check.results import CheckPlan, VerdictResult
    from confkit.live.calls import Call, FoundGroup
    from confkit.live.session import LiveSession

CALLS_ONCE_MORE = 20
LEAST_SECONDS = 1.0  # a child that has less would not come to its first call
CEILING_CALLS_TO_BE_DEAD = 3  # at up to 60 s each
DEFAULT_BUDGET_SECONDS = 600.0


@dataclass(frozen=True)
class CheckRequest:
    """What to check. `choice`: a slot number, the label of an HA group, or None for the only one; seconds for times."""

    config_path: str
    plan: CheckPlan
    library: str | None = None
    choice: int | str | None = None
    budget_seconds: float = DEFAULT_BUDGET_SECONDS


@dataclass(frozen=True)
class CheckResult:
    """What came of a check. `verdict` is None where the live side could not answer at all; `reason` says why or what.

    `configured_line` is the line of the file that sets the timeout, None for the client's default of 3 s.
    """

    configured_seconds: int | None
    configured_line: int | None
    library: str | None
    layout: str | None
    group: FoundGroup | None
    verdict: VerdictResult | None
    reason: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Progress:
    """Where a check is: the limit in force in seconds, what the library is at, calls made and planned."""

    limit_seconds: int
    stage: str
    made: int
    planned: int


def check(request: CheckRequest, on_progress: Callable[[Progress], None] = lambda _progress: None) -> CheckResult:
    """Make the calls and give the verdict; always answers, within the budget and a grace of 5 s.

    Raise UsageError where there are several HA groups and none was chosen, FileError where there is no configuration.
    The user's file is only read, no session is opened, nobody logs in.
    """
    session = open_session(request.config_path, request.library, request.choice)
    result = CheckResult(session.seconds, session.line, session.library, None, None, None, "", ())
    try:
        seconds, library = session.usable()
    except UnavailableError as error:
        return _without(result, str(error))
    probing = _Probing(session, request.budget_seconds, on_progress)
    main = probing.run(seconds, request.plan.calls, _certain_to_exceed(request.plan))
    result = CheckResult(seconds, session.line, library, main.layout, main.group, None, "", (main.run,))
    if main.candidates:
        raise UsageError(_choose(main))
    if main.failure is not None and main.failure.stage != "finalising":
        made = f" {len(main.run.calls)} of {main.run.planned} calls were made." if main.run.calls else ""
        return _without(result, f"{main.failure.message}{made}")
    if not main.run.calls:
        return _without(result, "the budget was spent before the first call came back: raise --budget")
    ceiling = head_room = None
    if wants_ceiling_run(request.plan, main.run):
        # as many as the plan has: it takes that many to recommend a timeout with the confidence that was asked for
        once_more = min(CALLS_ONCE_MORE, len(main.run.calls))
        kept = once_more * (seconds + 1.0)  # of the budget; a second for the gap and the start
        ceiling = probing.run(timeout.MAXIMUM_SECONDS, request.plan.calls, _tells_all(request.plan, main.run), kept)
        if _blames_the_limit(judge(request.plan, main.run, ceiling.run)):
            main = _continued(main, probing.run(seconds, once_more, _never))
    shorter = head_room_limit(seconds)
    if shorter is not None and wants_head_room_run(request.plan, main.run):
        head_room = probing.run(shorter, request.plan.calls, _never)
    return _judged(result, request.plan, [main, ceiling, head_room])


class _Probing:
    """The runs of one check: they share the budget, the library and the group."""

    def __init__(self, session: LiveSession, budget_seconds: float, tell: Callable[[Progress], None]) -> None:
        self.session = session
        self.tell = tell
        self.ends = time.monotonic() + budget_seconds
        self.random = random.SystemRandom()

    def run(self, limit: int, calls: int, enough: Callable[[Sequence[Call]], bool], kept: float = 0.0) -> ProbeResult:
        """Make up to `calls` calls under a limit of `limit` seconds, in a child with a configuration that has it.

        `kept` seconds of the budget are left for what comes after.
        """
        left = self.ends - time.monotonic() - kept
        if left < LEAST_SECONDS:
            return ProbeResult(self.session.library or "", Run(limit, (), calls))
        schedule = Schedule(calls=calls, limit_seconds=limit, budget_seconds=left)

        def tell(stage: str, made: int) -> None:
            self.tell(Progress(limit, stage, made, calls))

        with target(self.session, limit) as found:
            return probe.run(found, schedule, self.random, tell, enough)


def _without(result: CheckResult, reason: str) -> CheckResult:
    return replace(result, reason=reason)


def _certain_to_exceed(plan: CheckPlan) -> Callable[[Sequence[Call]], bool]:
    """Return whether enough calls failed that the whole plan will refute the timeout however clean the rest is."""
    limit = next(
        (k for k in range(1, plan.calls + 1) if lower_bound(k, plan.calls, plan.confidence) > plan.tolerated), None
    )

    def enough(calls: Sequence[Call]) -> bool:
        failed = sum(call.rv != 0 or any(member.status for member in call.members) for call in calls)
        return limit is not None and failed >= limit

    return enough


def _tells_all(plan: CheckPlan, main: Run) -> Callable[[Sequence[Call]], bool]:
    """Return whether ceiling calls will do: a member failed in all of them, and the others that failed at T answered.

    Each may take 60 s now. The others are told to be slow by two stretches of failures at T and none here.
    """
    two_and_none = (n for n in itertools.count(1) if has_fallen((2, 2), (0, n), plan.confidence))
    to_be_slow = max(CEILING_CALLS_TO_BE_DEAD, next(two_and_none))
    at_limit = {member.serial for call in main.calls for member in call.members if member.status}
    all_failed = not all(call.members for call in main.calls)

    def enough(calls: Sequence[Call]) -> bool:
        listed = [call.members for call in calls if call.members]
        failed = [{member.serial for member in members if member.status} for members in listed]
        if not failed:  # the group is lost, or nothing can be told
            return len(calls) >= CEILING_CALLS_TO_BE_DEAD
        dead = set.intersection(*failed)
        suspects = {member.serial for members in listed for member in members} if all_failed else at_limit
        return bool(dead) and len(calls) >= (CEILING_CALLS_TO_BE_DEAD if suspects <= dead else to_be_slow)

    return enough


def _blames_the_limit(judged: VerdictResult) -> bool:
    """Tell whether T is said to be too short, for the group or for a member: then it is tried once more."""
    return judged.verdict == "insufficient" or any(member.verdict == "slow" for member in judged.members)


def _continued(main: ProbeResult, further: ProbeResult) -> ProbeResult:
    """Return the main run with further calls under the same limit.

    They can weaken `insufficient` and no more: beside so many failures, so few clean calls prove nothing.
    """
    calls = (*main.run.calls, *further.run.calls)
    run = replace(main.run, calls=calls, planned=max(main.run.planned, len(calls)), resumed_at=len(main.run.calls))
    return replace(main, run=run, failure=main.failure or further.failure)


def _never(_calls: Sequence[Call]) -> bool:
    return False


def _choose(outcome: ProbeResult) -> str:
    groups = "; ".join(f"slot {slot.number}, label {slot.label}" for slot in outcome.candidates)
    return f"there are several HA groups: {groups}. Name one with --label or --slot"


def _judged(result: CheckResult, plan: CheckPlan, outcomes: list[ProbeResult | None]) -> CheckResult:
    """Give the verdict; what went wrong in a run besides its calls is added to the reason."""
    main, ceiling, head_room = (None if each is None else each.run for each in outcomes)
    if main is None:
        raise UnavailableError("there is no main run")
    verdict = judge(plan, main, ceiling, head_room)
    failures = [each.failure for each in outcomes if each is not None and each.failure is not None]
    reason = " ".join([verdict.reason, *(f"At {failure.stage}: {failure.message}" for failure in failures)])
    runs = tuple(run for run in (main, ceiling, head_room) if run is not None)
    return replace(result, verdict=verdict, reason=reason, runs=runs)
