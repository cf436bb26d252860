"""How long a check takes, and what it answers: whole checks of groups whose truth is known, in simulated time.

The checker, the runs that it chooses and the verdict are the real ones; only the calls are made up. So the seconds are
those of an idle machine, whatever this one does. Run: python -m benchmarks.check_seconds
"""

from __future__ import annotations

import math
import random
import statistics
import tempfile
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from confkit.check import checker
from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.live import session
from confkit.live.calls import Call, MemberStatus, ProbeResult, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confkit.live.target import ProbeTarget, Schedule

CHECKS = 30
"""Simulated checks of each situation, of which chance decides the course; a third of them elsewhere."""

_HARDEST = 0.05  # what is tolerated: such checks make 400 calls, and take this program longest
_START_SECONDS = 0.6  # of a worker process and of the library, to its first call
_QUICK = 0.02
_OVER = 1e9
_GONE = 0.0  # known to be unreachable: fails at once
_DEVICE_ERROR, _TIMEOUT = 0x30, 0x80000024
_CONFIGURATION = "Chrystoki2 = {{\n  LibUNIX64 = /simulated.so;\n}}\nHAConfiguration = {{\n  statusTimeout = {};\n}}\n"


class Situation(NamedTuple):
    """A group of three: after how many seconds each member answers a call at a time (see _GONE and _OVER).

    `before` is what a check took before it was sequential, where that was measured; `checks` how many are made.
    """

    name: str
    limit: int
    answers: Callable[[random.Random, float], Sequence[float]]
    before: str = ""
    checks: int = CHECKS // 3


def _sometimes(share: float, seconds: float) -> Callable[[random.Random, float], Sequence[float]]:
    return lambda source, _now: (_QUICK, _QUICK, seconds if source.random() < share else _QUICK)


def _always(*seconds: float) -> Callable[[random.Random, float], Sequence[float]]:
    return lambda _source, _now: seconds


def _bursts(_source: random.Random, now: float) -> Sequence[float]:
    """Answer late for 2 s of every 20: a tenth of the time, and calls in it depend on each other."""
    return (_QUICK, _QUICK, 5.0 if now % 20 < 2 else _QUICK)


def situations() -> tuple[Situation, ...]:
    """Return every row of the table."""
    shares = (0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.10, 0.15, 0.20)
    return (
        *(
            Situation(
                f"{100 * share:g} % of answers take 5 s",
                3,
                _sometimes(share, 5.0),
                checks=CHECKS // (3 if share == _HARDEST else 1),
            )
            for share in shares
        ),
        *(
            Situation(
                f"one member always takes {1.1 * limit:.3g} s", limit, _always(_QUICK, _QUICK, 1.1 * limit), before
            )
            for limit, before in ((3, "272 s"), (10, ""), (20, ""))
        ),
        Situation("every answer takes 2.7 s", 3, _always(_QUICK, _QUICK, 2.7)),
        Situation("answers take 5 s for 2 of every 20 s", 3, _bursts, checks=CHECKS),
        Situation("one member fails at once", 3, _always(_QUICK, _QUICK, _GONE)),
        Situation("one member is silent", 3, _always(_QUICK, _QUICK, _OVER), "231 s"),
        Situation("all members fail at once", 3, _always(_GONE, _GONE, _GONE)),
        Situation("all members are silent", 3, _always(_OVER, _OVER, _OVER)),
    )


@dataclass
class _Simulated:
    """Simulated time, and calls in it."""

    situation: Situation
    source: random.Random
    now: float = 0.0
    called: float = field(default=0.0)

    def monotonic(self) -> float:
        return self.now

    def probe(
        self,
        target: ProbeTarget,  # noqa: ARG002 - as the probe takes it
        schedule: Schedule,
        random_source: random.Random,  # noqa: ARG002 - as the probe takes it
        on_progress: Callable[[str, int], None],  # noqa: ARG002 - as the probe takes it
        enough: Callable[[Sequence[Call]], bool],
    ) -> ProbeResult:
        """Make calls as `confkit.live.probe.run` does."""
        ends = self.now + schedule.budget_seconds
        self.now += _START_SECONDS
        began, calls = self.now, list[Call]()
        while len(calls) < schedule.calls and not enough(calls):
            start = self.now + self.source.expovariate(1) * schedule.mean_gap_seconds
            if start >= ends:
                break
            asked = self.situation.answers(self.source, start)
            longest = max(min(seconds, schedule.limit_seconds) for seconds in asked)
            self.now = min(start + longest, ends)
            self.called += self.now - start
            if start + longest > ends:
                calls.append(Call(start, start, None, None, (), censored=True))
                break
            members = tuple(
                MemberStatus(str(1000 + number), _status(seconds, schedule.limit_seconds))
                for number, seconds in enumerate(asked)
            )
            calls.append(Call(start, start, self.now, 0, members, censored=False, age_seconds=start - began))
        return ProbeResult("simulated", Run(schedule.limit_seconds, tuple(calls), schedule.calls))


def _status(seconds: float, limit: int) -> int:
    if seconds == _GONE:
        return _DEVICE_ERROR
    return 0 if seconds < limit else _TIMEOUT


class Outcome(NamedTuple):
    """What came of the checks of one situation: verdicts, seconds of each, and of its calls alone."""

    verdicts: Counter[str]
    seconds: list[float]
    calls: list[float]


def outcome(situation: Situation) -> Outcome:
    """Make the checks, always with the same chance."""
    verdicts: Counter[str] = Counter()
    seconds, calls = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "private_copy", lambda *_: nullcontext("nowhere"))
        path = Path(folder) / "Chrystoki.conf"
        path.write_text(_CONFIGURATION.format(situation.limit))
        for number in range(situation.checks):
            world = _Simulated(situation, random.Random(f"{situation.name} {number}"))  # noqa: S311 - to be repeated
            began = world.now = random.Random(f"start {number}").uniform(0, 20)  # noqa: S311 - as above
            clock = checker.Clock(world.monotonic, world.monotonic)
            made = checker.check(CheckRequest(str(path), plan_for()), prober=world.probe, clock=clock)
            verdicts["unavailable" if made.verdict is None else made.verdict.verdict] += 1
            seconds.append(world.now - began)
            calls.append(world.called)
    return Outcome(verdicts, seconds, calls)


def row(situation: Situation) -> str:
    """Return the line of the table in Markdown."""
    made = outcome(situation)
    shares = ", ".join(f"{name} {100 * count / situation.checks:.0f} %" for name, count in made.verdicts.most_common())
    middle, most = statistics.median(made.seconds), sorted(made.seconds)[math.ceil(0.95 * situation.checks) - 1]
    cells = (
        situation.name,
        f"{situation.limit} s",
        situation.before,
        f"{middle:.0f} s",
        f"{most:.0f} s",
        f"{statistics.median(made.calls):.0f} s",
        shares,
    )
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| group of three | statusTimeout | before | median | 95 % within | its calls alone | verdicts |\n"
    "|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Print the table as it grows."""
    print(HEAD)
    for situation in situations():
        print(row(situation), flush=True)


if __name__ == "__main__":
    main()
