"""Which run comes next, and when it is over: decided from the evidence so far and the time that is left. Pure.

main        until T is proven or refuted, or until two or three calls failed and nothing tells why
ceiling     at 60 s, at once after that; with few calls where everything fails, with as many as a rare failure needs
else. Where the budget has no room for 60 s and the whole group fails, at the most that it has room for
main        again: whoever is slow or down fails again; otherwise the evidence simply goes on
head_room   at T/1.2, where T is proven and call times say nothing
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.bounds import has_fallen
from confkit.check.ceiling import AT_ONCE_LOOKS, seems_dead
from confkit.check.evidence import head_room_limit
from confkit.check.readings import SETTLING_SECONDS, informative
from confkit.check.verdict import has_head_room, is_down
from confkit.core.timeout import MAXIMUM_SECONDS

if TYPE_CHECKING:
    from confkit.check.evidence import Evidence
    from confkit.check.readings import Reading
    from confkit.live.calls import Purpose

FAILURES = 3
"""Failures at T after which the ceiling run starts, whatever they mean."""

CONFIRMING_CALLS = 2
"""Failures at T after the ceiling run that confirm what it showed."""

MAX_CEILING_RUNS = 3
MIN_CEILING_SECONDS = 12
"""Less than this says little more than the configured timeout, where the budget has no room for 60 s."""

START_SECONDS = 2.0
"""What a process and its first call need besides the call itself."""

GRACE_SECONDS = 3.0


class NextRun(NamedTuple):
    """A run to make: at most `calls` calls under `limit` seconds. `seconds` of the budget are for it."""

    purpose: Purpose
    limit: int
    calls: int
    seconds: float


def next_run(evidence: Evidence, left: float, *, thorough: bool = False) -> NextRun | None:
    """Return the run that comes after those in `evidence`, with `left` seconds of the budget; None when all is said."""
    plan, limit = evidence.plan, evidence.limit
    to_make = plan.calls - len(evidence.main)
    if left < START_SECONDS / 2:
        return None
    if not evidence.main:
        return NextRun("main", limit, plan.calls, left)
    lacks_calls = thorough and evidence.ceiling_runs == 1 and _is_refuted(evidence) and _lacks_thorough(evidence)
    if wants_ceiling(evidence) or lacks_calls:
        return _ceiling(evidence, left, thorough=thorough)
    if _is_undecided(evidence) and to_make > 0 and not _is_stuck(evidence):
        return NextRun("main", limit, to_make, left)
    shorter = head_room_limit(limit)
    if shorter is not None and wants_head_room(evidence) and not evidence.shorter:
        return NextRun("head_room", shorter, plan.calls, left)
    return None


def is_enough(evidence: Evidence, purpose: Purpose, *, thorough: bool = False) -> bool:
    """Return whether the run for `purpose` that is being made, its calls so far in `evidence`, is over."""
    if purpose == "ceiling":
        return _is_enough_ceiling(evidence, thorough=thorough)
    if purpose == "head_room":
        flags = evidence.head_room[-1].flags if evidence.head_room else ()
        settled = evidence.is_proven(flags) or evidence.is_refuted(flags)
        return bool(flags) and (settled or len(flags) >= evidence.plan.calls)
    if len(evidence.main) >= evidence.plan.calls or not _is_undecided(evidence):
        return True
    return wants_ceiling(evidence) or _is_stuck(evidence)


def wants_ceiling(evidence: Evidence) -> bool:
    """Return whether only a run at 60 s can say what the failures mean."""
    if evidence.limit >= MAXIMUM_SECONDS or evidence.ceiling_runs >= MAX_CEILING_RUNS:
        return False
    failed = _unexplained(evidence)
    if evidence.ceiling_runs:
        return failed >= FAILURES * (1 + evidence.ceiling_runs) and not _is_stuck(evidence) and _is_undecided(evidence)
    if evidence.is_proven(evidence.possible):
        return False
    return failed >= FAILURES or (failed >= 2 and evidence.is_refuted(evidence.possible))


def wants_head_room(evidence: Evidence) -> bool:
    """Return whether only a run at T/1.2 can show head-room: T is proven, and its times say nothing."""
    if is_down(evidence) or not evidence.is_proven(evidence.possible):
        return False
    return not informative(evidence.main, evidence.limit)


def needed_seconds(evidence: Evidence) -> int:
    """Return the budget in seconds, rounded up to tens, with which slow and down could be told apart."""
    calls = 2 + CONFIRMING_CALLS
    seconds = calls * (evidence.limit + 1) + MAXIMUM_SECONDS + GRACE_SECONDS + 3 * START_SECONDS + 2 * SETTLING_SECONDS
    return 10 * math.ceil(seconds / 10)


def _unexplained(evidence: Evidence) -> int:
    return sum(
        flag and not reading.clean and not reading.censored
        for flag, reading in zip(evidence.possible, evidence.main, strict=True)
    )


def _lacks_thorough(evidence: Evidence) -> bool:
    return len(evidence.ceiling_calls) < evidence.plan.fewest_calls and not is_down(evidence)


def _is_refuted(evidence: Evidence) -> bool:
    return evidence.is_refuted(evidence.certain)


def _after(evidence: Evidence) -> tuple[Reading, ...]:
    """Return the calls at T that came after the ceiling run."""
    return () if evidence.resumed_at is None else evidence.main[evidence.resumed_at :]


def _is_undecided(evidence: Evidence) -> bool:
    """Return whether further calls at T can still change the verdict."""
    after = _after(evidence)
    confirmed = evidence.limit >= MAXIMUM_SECONDS or sum(not reading.clean for reading in after) >= CONFIRMING_CALLS
    overlong = not _unexplained(evidence)  # clean calls that took too long need no ceiling run
    if _is_refuted(evidence) and (confirmed or overlong):
        return False
    if is_down(evidence):
        return _has_open_members(evidence) and len(after) < CONFIRMING_CALLS
    if not evidence.is_proven(evidence.possible):
        return True
    return any(
        not evidence.is_proven(asked.flags) and not evidence.is_refuted(asked.flags)
        for asked in evidence.head_room
        if len(asked.flags) == len(evidence.main)
    ) and not has_head_room(evidence)


def _has_open_members(evidence: Evidence) -> bool:
    return any(finding.verdict == "unknown" for finding in evidence.findings)


def _is_stuck(evidence: Evidence) -> bool:
    """Return whether calls at T that fail again cannot explain anything more."""
    if not evidence.ceiling_runs:
        return False
    if evidence.ceiling.cut_after is not None and not _is_refuted(evidence):
        return True
    if _is_explained(evidence):
        return False
    failed_after = sum(not reading.clean for reading in _after(evidence))
    most = FAILURES + CONFIRMING_CALLS
    return evidence.ceiling_runs >= MAX_CEILING_RUNS and failed_after >= most * MAX_CEILING_RUNS


def _is_explained(evidence: Evidence) -> bool:
    """Return whether a longer limit is shown to cure every failure at T: then only their share is open."""
    return all(
        certain or reading.clean or reading.censored
        for certain, reading in zip(evidence.certain, evidence.main, strict=True)
    )


def _ceiling(evidence: Evidence, left: float, *, thorough: bool) -> NextRun | None:
    """Return the ceiling run, kept short enough that T can be tried again after it; None where there is no time."""
    kept = CONFIRMING_CALLS * (evidence.limit + 0.5) + START_SECONDS
    room = left - kept
    limit = MAXIMUM_SECONDS
    # Where members fail at once the library waits for nobody: calls at 60 s are as quick.
    fail_at_once = all(reading.at_once for reading in evidence.main if not reading.clean)
    if room < (SETTLING_SECONDS if fail_at_once else limit) + START_SECONDS:
        limit = int(min(room, left - (evidence.limit + 0.5) - START_SECONDS) - START_SECONDS - 1)
        whole = all(reading.unreachable >= frozenset(evidence.names) for reading in evidence.main)
        if not whole or limit < max(MIN_CEILING_SECONDS, 1.2 * evidence.limit):
            return None
    calls = ceiling_calls(evidence, thorough=thorough)
    return NextRun("ceiling", limit, max(calls, evidence.plan.calls), max(room, min(left, limit + START_SECONDS + 1)))


def ceiling_calls(evidence: Evidence, *, thorough: bool) -> int:
    """Return how many calls the ceiling run makes where nobody fails in it.

    Where every call failed before it, as many as two failures and none take to be told apart; else as many as a clean
    group needs.
    """
    plan = evidence.plan
    two_and_none = next(n for n in itertools.count(1) if has_fallen((2, 2), (0, n), plan.confidence))
    if thorough or not all(not reading.clean for reading in evidence.main):
        return max(two_and_none, plan.fewest_calls)
    return two_and_none


def _is_enough_ceiling(evidence: Evidence, *, thorough: bool) -> bool:
    """Return whether the ceiling calls tell of every member that failed whether it is slow or down.

    Each call may take 60 s.
    """
    made, telling = evidence.ceiling_calls, evidence.ceiling.telling
    if not telling:
        return sum(not reading.censored for reading in made) >= FAILURES
    suspects = _suspects(evidence)
    dead = {serial for serial in suspects if seems_dead(serial, evidence.ceiling)}
    if suspects and suspects <= dead:
        return True
    if evidence.ceiling.cut_after is not None:
        return sum(bool(reading.failed) for reading in telling) >= AT_ONCE_LOOKS
    waited = [reading for reading in telling if reading.failed and not reading.at_once]
    if waited:
        return len(telling) >= ceiling_calls(evidence._replace(main=()), thorough=False) or (
            not dead and len(waited) >= FAILURES
        )
    enough = ceiling_calls(evidence._replace(main=_before(evidence)), thorough=thorough)
    return len(telling) >= enough


def _before(evidence: Evidence) -> tuple[Reading, ...]:
    return evidence.main if evidence.resumed_at is None else evidence.main[: evidence.resumed_at]


def _suspects(evidence: Evidence) -> frozenset[str]:
    """Return the members that failed before the ceiling run; where calls gave no list only those it finds failing."""
    listed = [reading for reading in evidence.main if reading.answered]
    if listed:
        return frozenset(serial for reading in listed for serial in reading.failed)
    return frozenset(evidence.names)
