"""Whole checks of simulated groups, in simulated time: the checker and the verdict are the real ones, the rest is a model.

A real check of a group with a slow member takes minutes; here thousands are made in one. The model is what the emulated
library does (confkit/emulator/native/client.c, ha_state.c): a member is connected when the client is initialised, or by the
recovery thread later; a lost connection fails at once and stays lost until that thread has restored it; a connected
member that does not answer fails when the limit is over.
"""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from confkit.check import checker
from confkit.check.request import CheckRequest, CheckResult
from confkit.live import session
from confkit.live.calls import Call, MemberStatus, ProbeResult, Run
from testing.live_truth import OK, SLOW, TIGHT

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    import pytest

    from confkit.live.target import ProbeTarget, Schedule
    from testing.live_truth import State

_ANSWERS_AFTER = {OK: 0.02, TIGHT: 2.7, SLOW: 3.5}  # seconds
_GREETS = {*_ANSWERS_AFTER, "hang"}  # who can be connected to
_BREAKS = {"killed", "refuse", "reset"}  # whose connections are lost at once
_START_SECONDS = 0.1  # of a worker, to its first call
_ROUNDING = 1e-9  # seconds
_DEVICE_ERROR, _TIMEOUT, _TOKEN_NOT_PRESENT = 0x30, 0x80000024, 0xE0

AS_DECIDED, AT_LIMIT, FAILURES_AT_LIMIT = "as decided", "at the limit", "failures at the limit"
"""When the library returns. The documentation supports all three."""


class Library(NamedTuple):
    """How the client library behaves.

    When it returns, every how many seconds it tries lost members again, and whether the call itself fails where all
    members do.
    """

    returns: str = AS_DECIDED
    reconnects_every: float = 60.0
    fails_with_all: bool = False


@dataclass
class World:
    """A group whose members are in known conditions: `states[i]` holds from `since[i]` seconds on; and its clock."""

    states: Sequence[State]
    since: Sequence[float]
    library: Library
    source: random.Random
    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def spans(self, member: int, start: float, end: float) -> list[tuple[float, float, str]]:
        """Give the conditions of a member between two moments: from, to, condition."""
        spans: list[tuple[float, float, str]] = []
        for state, begin, stop in zip(self.states, self.since, (*self.since[1:], math.inf), strict=True):
            first, last, condition = max(begin, start), min(stop, end), state[member]
            if first < last and spans and spans[-1][2] == condition:
                spans[-1] = (spans[-1][0], last, condition)  # the change was another member's
            elif first < last:
                spans.append((first, last, condition))
        return spans

    def condition(self, member: int, moment: float) -> str:
        return self.spans(member, moment, math.inf)[0][2]

    def seen(self) -> list[State]:
        """Give the states that there have been so far.

        A change that broke a connection is what ended its call, so the last call may end at the very moment of it; the
        sum that is its end may then be a rounding before it.
        """
        return [state for state, begin in zip(self.states, self.since, strict=True) if begin <= self.now + _ROUNDING]


class Client:
    """One process that has initialised the library: which members it is connected to, and since when it knows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.began = self.tried = world.now
        members = range(len(world.states[0]))
        self.connected = [self._greets(member, self.began) for member in members]
        self.in_order = [self.began] * len(members)  # when the connection was last seen to be

    def call(self, limit: int) -> tuple[float, list[int]]:
        """Make the call now: how many seconds it takes, and the status of each member."""
        start = self.world.now
        self._recover(start)
        asked = [self._ask(member, start, limit) for member in range(len(self.connected))]
        statuses = [status for status, _ in asked]
        library = self.world.library
        waits = library.returns == AT_LIMIT or (library.returns == FAILURES_AT_LIMIT and any(statuses))
        return (float(limit) if waits else max(seconds for _, seconds in asked)), statuses

    def _greets(self, member: int, moment: float) -> bool:
        return self.world.condition(member, moment) in _GREETS

    def _recover(self, now: float) -> None:
        """Do what the recovery thread has done since the last call: it tries the members that are known to be lost."""
        interval = self.world.library.reconnects_every
        first, last = (math.floor((moment - self.began) / interval) for moment in (self.tried, now))
        for attempt in range(first + 1, last + 1):
            moment = self.began + attempt * interval
            for member, connected in enumerate(self.connected):
                if not connected and self._greets(member, moment):
                    self.connected[member], self.in_order[member] = True, moment
        self.tried = now

    def _ask(self, member: int, start: float, limit: int) -> tuple[int, float]:
        """Give the status of a member, and after how many seconds it is known."""
        if not self.connected[member]:
            return _DEVICE_ERROR, 0.001
        for begin, end, condition in self.world.spans(member, self.in_order[member], start + limit):
            if condition in _BREAKS:  # also where it was between two calls
                self.connected[member] = False
                return _DEVICE_ERROR, max(0.001, begin - start)
            answer = max(begin, start) + _ANSWERS_AFTER.get(condition, math.inf)
            if answer <= end:
                self.in_order[member] = answer
                return 0, answer - start
        self.in_order[member] = start + limit
        return _TIMEOUT, float(limit)


def run(world: World, schedule: Schedule, enough: Callable[[Sequence[Call]], bool]) -> ProbeResult:
    """Make the calls of a schedule as `probe.run` does."""
    ends = world.now + schedule.budget_seconds
    world.now += _START_SECONDS
    client = Client(world)
    calls: list[Call] = []
    while len(calls) < schedule.calls and not enough(calls):
        intended = world.now + world.source.expovariate(1) * schedule.mean_gap_seconds
        if intended >= ends:
            break
        world.now = intended
        seconds, statuses = client.call(schedule.limit_seconds)
        world.now = min(intended + seconds, ends)
        if intended + seconds > ends:
            calls.append(Call(intended, intended, None, None, (), censored=True))
            break
        calls.append(_call(world, intended, statuses, intended - client.began))
    return ProbeResult("simulated", Run(schedule.limit_seconds, tuple(calls), schedule.calls))


def _call(world: World, intended: float, statuses: list[int], age: float) -> Call:
    if world.library.fails_with_all and all(statuses):
        return Call(intended, intended, world.now, _TOKEN_NOT_PRESENT, (), censored=False, age_seconds=age)
    members = tuple(MemberStatus(str(1000 + number), status) for number, status in enumerate(statuses))
    return Call(intended, intended, world.now, 0, members, censored=False, age_seconds=age)


def check(world: World, request: CheckRequest, monkeypatch: pytest.MonkeyPatch) -> CheckResult:
    """Make a whole check of a simulated group."""

    def simulated(
        target: ProbeTarget,  # noqa: ARG001 - as the probe takes it
        schedule: Schedule,
        random_source: random.Random,  # noqa: ARG001 - as the probe takes it
        on_progress: Callable[[str, int], None],  # noqa: ARG001 - as the probe takes it
        enough: Callable[[Sequence[Call]], bool],
    ) -> ProbeResult:
        return run(world, schedule, enough)

    with monkeypatch.context() as patched:
        patched.setattr(session, "private_copy", lambda *_: nullcontext("nowhere"))
        clock = checker.Clock(world.monotonic, world.monotonic)
        return checker.check(request, prober=simulated, clock=clock)
