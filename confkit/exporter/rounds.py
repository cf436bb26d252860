"""A round of the exporter: a few calls at the configured statusTimeout, in a child process of their own.

It is light, so that it can be made every minute, and says only whether each member answers now. Everything is done anew
each time: the file is read, the library is loaded and initialised, the slot of the group is looked for. So an edited
file, an exchanged library or a renumbered slot is noticed, and nothing is left of a library that crashed or hung.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confkit.core.errors import ConfkitError
from confkit.live import probe
from confkit.live.calls import ProbeFailure
from confkit.live.session import open_session, target
from confkit.live.target import Schedule

if TYPE_CHECKING:
    from confkit.check.request import CheckRequest
    from confkit.live.calls import Call, ProbeResult

CALLS = 3
"""Calls of a round: the first follows C_Initialize directly and may be slower than those after it."""

_START_SECONDS = 60  # for loading, C_Initialize and the search for the slot; dead appliances make these slow


@dataclass(frozen=True)
class Round:
    """What came of a round.

    `configured_seconds` is None where the file could not be read or holds no usable value, `group` (a label) where none
    was found. `failure` says why there were not all calls; its stage is "configuration" before there was a process.
    `library` is its path, `content` SHA-256 of the file.
    """

    configured_seconds: int | None
    group: str | None
    calls: tuple[Call, ...]
    failure: ProbeFailure | None
    library: str = ""
    content: str = ""


def make(request: CheckRequest) -> Round:
    """Make a round; it answers within 70 s and the time that the calls may take, whatever the library does."""
    seconds = None
    try:
        session = open_session(request.config_path, request.library, request.choice)
        seconds = session.seconds
        limit, _ = session.usable()
        with target(session, limit) as found:
            made = _made(probe.run(found, _schedule(limit), random.SystemRandom()))
        return replace(made, library=found.library, content=hashlib.sha256(session.data).hexdigest())
    except ConfkitError as error:
        return Round(seconds, None, (), ProbeFailure("configuration", str(error)))


def _schedule(seconds: int) -> Schedule:
    budget = _START_SECONDS + CALLS * (seconds + Schedule.grace_seconds)
    return Schedule(calls=CALLS, limit_seconds=seconds, budget_seconds=budget)


def _made(outcome: ProbeResult) -> Round:
    failure = outcome.failure
    if failure is not None and failure.stage == "finalising":
        failure = None  # the calls are whole all the same
    if failure is None and not outcome.run.calls:
        failure = ProbeFailure("starting", "The time for a round was over before the first call.")
    group = outcome.group.label if outcome.group else None
    return Round(outcome.run.limit_seconds, group, outcome.run.calls, failure)
