"""Rounds and checks without end, in the main thread, so that a signal ends their child processes as well."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from confkit.check.checker import check
from confkit.core.errors import ConfkitError
from confkit.exporter import rounds
from confkit.exporter.state import State, after_check, after_round, is_news
from confkit.reports.check import models as check_models
from confkit.reports.check.prometheus import check_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.check.checker import Request
    from confkit.exporter.rounds import Round

CHECK_BUDGET_SECONDS = 300.0
"""No rounds are made during a check. One of a group with a member that is down makes three calls of up to 60 s."""

_REST = 5  # intervals between two checks: a member that comes and goes does not turn rounds into checks


@dataclass(frozen=True)
class Pace:
    """Seconds from the beginning of one round to that of the next, and from check to check where nothing happens."""

    interval: float
    check_interval: float


class Watch:
    """The current state, and what makes the next one."""

    def __init__(self, request: Request, pace: Pace, say: Callable[[str], None]) -> None:
        """`say` is given a line when rounds begin to fail, fail for another reason, or succeed again."""
        self.state = State()
        self._request = replace(request, budget_seconds=CHECK_BUDGET_SECONDS)
        self._pace = pace
        self._say = say
        self._said = ""
        self._checked = -math.inf  # on the monotonic clock

    def run(self) -> NoReturn:
        """Make rounds and checks until this thread is interrupted: both at once, and from then on at times of its own.

        Exporters that were started together, after a power cut or by a roll-out, do not stay in step
        (docs/explanation/load.md).
        """
        self.step()
        chance = random.SystemRandom()
        self._checked -= chance.random() * self._pace.check_interval
        time.sleep(chance.random() * self._pace.interval)
        while True:
            began = time.monotonic()
            self.step()
            lasted = time.monotonic() - began
            # Late rounds are left out, not made up for.
            time.sleep(self._pace.interval - lasted % self._pace.interval)

    def step(self) -> None:
        """Make a round, and a check if it is time for one or the round found something that only a check explains."""
        made = rounds.make(self._request)
        self.state = after_round(self.state, made, time.time())
        self._tell(made)
        since = time.monotonic() - self._checked
        if since >= self._pace.check_interval or (since >= _REST * self._pace.interval and is_news(self.state)):
            self._check()
            self._checked = time.monotonic()

    def _check(self) -> None:
        try:
            result = check(self._request)
        except ConfkitError:
            return  # the rounds fail for the same reason, and say it; the last check stays, and its time with it
        view = check_models.view(self._request, result)
        self.state = after_check(self.state, view, check_metrics(view, result, time.time()))

    def _tell(self, made: Round) -> None:
        said = f"a round failed at {made.failure.stage}: {made.failure.message}" if made.failure else ""
        if said != self._said:
            self._say(said or "rounds succeed again")
        self._said = said
