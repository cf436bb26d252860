"""Rounds without end in the main thread, and checks beside them, so that a lost group shows after one interval."""

from __future__ import annotations

import math
import random
import socket
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from confkit.check.checker import check
from confkit.core.errors import ConfkitError, FileError
from confkit.exporter import pooled, rounds, state_file
from confkit.exporter.pooled import Pooled, PooledQuestion
from confkit.exporter.state import State, after_check, after_round, is_news, with_evidence
from confkit.reports.check import models as check_models
from confkit.reports.check.prometheus import check_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.check.request import CheckRequest, Progress
    from confkit.exporter.rounds import Round

CHECK_BUDGET_SECONDS = 300.0
"""For one check; that of a group with a member that is down makes three calls of up to 60 s."""

_REST = 5  # intervals between two checks: a member that comes and goes does not turn rounds into checks
_STOP_SECONDS = 5.0  # for a check to end when the exporter does; what it leaves is the cleanup process's to end


class WatchClock(NamedTuple):
    """Where time comes from; tests have one of their own."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Pace:
    """Seconds from the beginning of one round to that of the next, and from check to check where nothing happens."""

    interval: float
    check_interval: float


class _StoppedError(Exception):
    """The exporter ends, and so does the check under way."""


def in_thread(task: Callable[[], None]) -> threading.Thread:
    """Start the task beside the rounds."""
    thread = threading.Thread(target=task, daemon=True)
    thread.start()
    return thread


class Means(NamedTuple):
    """What a watch works with: time, how a check is begun, and the file that keeps the evidence, if any.

    `begin` returns the thread in which the check runs, if it runs in one.
    """

    clock: WatchClock = WatchClock()
    begin: Callable[[Callable[[], None]], threading.Thread | None] = in_thread
    state_path: str | None = None


class Watch:
    """The current state, and what makes the next one."""

    def __init__(
        self, request: CheckRequest, pace: Pace, say: Callable[[str], None], means: Means | None = None
    ) -> None:
        """`say` is given a line when rounds begin to fail, fail for another reason, or succeed again.

        FileError where the state file cannot be read.
        """
        means = means or Means()
        self._state_path = means.state_path
        self.state = State(pooled=state_file.load(means.state_path) if means.state_path is not None else Pooled())
        self._save_said = ""
        self._host = socket.gethostname()
        self._request = replace(request, budget_seconds=CHECK_BUDGET_SECONDS)
        self._pace = pace
        self._say = say
        self._clock = means.clock
        self._begin = means.begin
        self._said = ""
        self._checked = -math.inf  # on the monotonic clock
        self._checking: threading.Thread | None = None
        self._changing = threading.Lock()
        self._stopping = threading.Event()

    def run(self) -> NoReturn:
        """Make rounds and checks until this thread is interrupted: both at once, then at times of its own.

        Exporters that were started together, after a power cut or by a roll-out, do not stay in step
        (docs/explanation/load.md).
        """
        self.step()
        chance = random.SystemRandom()
        self._checked -= chance.random() * self._pace.check_interval
        self._clock.sleep(chance.random() * self._pace.interval)
        while True:
            began = self._clock.monotonic()
            self.step()
            lasted = self._clock.monotonic() - began
            # Late rounds are left out, not made up for.
            self._clock.sleep(self._pace.interval - lasted % self._pace.interval)

    def step(self) -> None:
        """Make a round, and begin a check if one is due, or if the round found what only a check explains."""
        made = rounds.make(self._request)
        now = self._clock.now()
        with self._changing:
            state = after_round(self.state, made, now)
            evidence = pooled.after_round(state.pooled, self._question(made), made, state.judged, now)
            self.state = with_evidence(state, evidence)
        self._save()
        self._tell(made)
        if self._checking is not None and self._checking.is_alive():
            return
        since = self._clock.monotonic() - self._checked
        if since >= self._pace.check_interval or (since >= _REST * self._pace.interval and is_news(self.state)):
            self._checked = self._clock.monotonic()
            self._checking = self._begin(self._check)

    def stop(self) -> None:
        """End the check under way, if there is one, and keep the evidence."""
        self._stopping.set()
        if self._checking is not None:
            self._checking.join(_STOP_SECONDS)
        self._save()

    def _question(self, made: Round) -> PooledQuestion:
        plan = self._request.plan
        return PooledQuestion(
            self._host,
            made.content,
            made.library,
            made.group or "",
            made.configured_seconds or 0,
            plan.tolerated,
            plan.confidence,
        )

    def _save(self) -> None:
        if self._state_path is None:
            return
        try:
            state_file.save(self._state_path, self.state.pooled)
        except FileError as error:
            if str(error) != self._save_said:
                self._say(str(error))
            self._save_said = str(error)

    def _check(self) -> None:
        try:
            result = check(self._request, self._go_on)
        except _StoppedError:
            return
        except ConfkitError:
            return  # the rounds fail for the same reason, and say it; the last check stays, and its time with it
        finally:
            self._checked = self._clock.monotonic()
        view = check_models.view(self._request, result)
        metrics = check_metrics(view, result, self._clock.now())
        with self._changing:
            self.state = after_check(self.state, view, metrics)

    def _go_on(self, _progress: Progress) -> None:
        if self._stopping.is_set():
            raise _StoppedError

    def _tell(self, made: Round) -> None:
        said = f"a round failed at {made.failure.stage}: {made.failure.message}" if made.failure else ""
        if said != self._said:
            self._say(said or "rounds succeed again")
        self._said = said
