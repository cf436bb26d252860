"""What a fleet's status calls come to on the members of one HA group: `python -m benchmarks.load` prints the table.

A simulation with the defaults that confkit ships, read from where they stand. A session is what one process of confkit
makes: it connects to every member, calls at random distances, and ends. As all members are asked by every call, the
figures hold for each member alike. docs/explanation/load.md shows the table and says what follows; a test keeps the two
together.
"""

from __future__ import annotations

import configparser
import heapq
import inspect
import random
import re
from collections import Counter
from itertools import accumulate, chain, cycle, islice
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.next_run import FAILURES
from confkit.check.results import plan_for
from confkit.cli.commands import exporter
from confkit.core import timeout
from confkit.exporter import rounds
from confkit.live.target import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FLEETS = (100, 10_000, 100_000)

# Assumed, for nobody outside knows: how long loading and C_Initialize take, and a call to members that answer.
START_SECONDS = 0.5
CALL_SECONDS = 0.02

BOOT_SECONDS = 120  # within which the hosts of a site are up again after a power cut
ANSIBLE_SECONDS = 2.0  # that Ansible itself needs for a task on a host

_HOUR = 3600
_TIMER = Path(__file__).parent.parent / "integrations" / "monitoring" / "systemd" / "confkit-textfile.timer"
_KINDS = 500  # sessions drawn for each kind; every client takes one of them at random
_ROUNDS_SIMULATED = 100_000  # of all clients together; they stand for the whole hour
_AFTERMATH = 600  # seconds that are looked at after something happened


class Session(NamedTuple):
    """One process: when it calls, in seconds after it connected, and when it ends."""

    calls: tuple[float, ...]
    seconds: float


class Load(NamedTuple):
    """Of every second: calls, connections begun, connections open as it begins; each as one member sees them."""

    calls: list[int]
    begun: list[int]
    open: list[int]


class Situation(NamedTuple):
    """One line of the table; `load` is given the number of clients and the source of chance."""

    name: str
    load: Callable[[int, random.Random], Load]


class Defaults(NamedTuple):
    """What confkit ships. Seconds, but for the numbers of calls."""

    interval: float
    round_calls: int
    check_interval: float
    check_calls: int
    gap: float
    timer_spread: float


def shipped() -> Defaults:
    """Read the defaults from the command, the modules and the unit that have them."""
    options = inspect.signature(exporter.command).parameters
    return Defaults(
        interval=options["interval"].default,
        round_calls=rounds.CALLS,
        check_interval=options["check_interval"].default,
        check_calls=plan_for(options["tolerate"].default, options["confidence"].default).fewest_calls,
        gap=Schedule.mean_gap_seconds,
        timer_spread=timer_spread(_TIMER.read_text()),
    )


def timer_spread(unit: str) -> float:
    """Return RandomizedDelaySec of an hourly timer, in seconds; ValueError for a unit of time it does not know."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(unit)
    written = parser["Timer"].get("RandomizedDelaySec", "0s")
    match = re.fullmatch(r"(\d+)(s|min|h)", written)
    if match is None or parser["Timer"]["OnCalendar"] != "hourly":
        raise ValueError(f"no hourly timer with a delay in s, min or h: {written}")
    return int(match[1]) * {"s": 1, "min": 60, "h": _HOUR}[match[2]]


def session(chance: random.Random, calls: int, gap: float, call: float = CALL_SECONDS) -> Session:
    """Draw a session as the probe makes it: each call an exponential time after the last one came back."""
    steps = [START_SECONDS + chance.expovariate(1) * gap]
    steps += [call + chance.expovariate(1) * gap for _ in range(calls - 1)]
    times = tuple(accumulate(steps))
    return Session(times, times[-1] + call)


def sessions(chance: random.Random, calls: int, gap: float, call: float = CALL_SECONDS) -> list[Session]:
    """Draw the sessions that clients take theirs from."""
    return [session(chance, calls, gap, call) for _ in range(_KINDS)]


def total(seconds: int, begun: Iterable[tuple[float, Session]]) -> Load:
    """Add up sessions over a period that comes back: what reaches beyond its end is counted at its beginning."""
    made = list(begun)
    calls = Counter(map(int, chain.from_iterable(map(start.__add__, each.calls) for start, each in made)))
    begins = Counter(int(start) for start, _ in made)
    changes = Counter(ceil(start) for start, _ in made)
    changes.subtract(ceil(start + each.seconds) for start, each in made)
    length = max(changes, default=0) + 1
    opened = Counter(dict(enumerate(accumulate(changes[second] for second in range(length)))))
    return Load(folded(calls, length, seconds), folded(begins, length, seconds), folded(opened, length, seconds))


def folded(counts: Counter[int], length: int, seconds: int) -> list[int]:
    """Return the counts of seconds 0 to `length` as those of a period that comes back."""
    return [sum(counts[each] for each in range(second, length, seconds)) for second in range(seconds)]


def together(*loads: Load) -> Load:
    """Add loads of the same length."""
    return Load(*([sum(each) for each in zip(*kind, strict=True)] for kind in zip(*loads, strict=True)))


def repeated(load: Load, seconds: int) -> Load:
    """Return the load of a whole period from that of its first part."""
    return Load(*(list(islice(cycle(kind), seconds)) for kind in load))


def beginning(load: Load, seconds: int) -> Load:
    """Return the first seconds of a load."""
    return Load(*(kind[:seconds] for kind in load))


def exporters(clients: int, chance: random.Random, begins: Callable[[float], float]) -> Load:
    """Return an hour of exporters; `begins(period)` draws when within its period one makes its rounds, or its check."""
    ours = shipped()
    brief = sessions(chance, ours.round_calls, ours.gap)
    whole = sessions(chance, ours.check_calls, ours.gap)
    often = max(1, min(int(_HOUR / ours.interval), _ROUNDS_SIMULATED // clients))
    places = [begins(ours.interval) for _ in range(clients)]
    made = ((place + ours.interval * number, chance.choice(brief)) for place in places for number in range(often))
    # a check follows a round
    checks = ((begins(ours.check_interval) + brief[0].seconds, chance.choice(whole)) for _ in range(clients))
    return together(
        repeated(total(int(often * ours.interval), made), _HOUR),
        total(_HOUR, checks),
    )


def exporters_spread(clients: int, chance: random.Random) -> Load:
    """Return an hour of exporters as shipped, after their first hour: each at times of its own."""
    return exporters(clients, chance, lambda period: chance.random() * period)


def exporters_in_step(clients: int, chance: random.Random) -> Load:
    """Return an hour without these times of their own, if all exporters were started in the same second."""
    return exporters(clients, chance, lambda _period: chance.random())


def exporters_booting(clients: int, chance: random.Random) -> Load:
    """Return ten minutes in which all hosts boot, within two: a round and a check at once, then rounds."""
    ours = shipped()
    brief = sessions(chance, ours.round_calls, ours.gap)
    whole = sessions(chance, ours.check_calls, ours.gap)

    def begun() -> Iterator[tuple[float, Session]]:
        for _ in range(clients):
            start, made, phase = chance.random() * BOOT_SECONDS, chance.choice(brief), chance.random() * ours.interval
            check = chance.choice(whole)
            yield start, made
            yield start + made.seconds, check
            later = start + made.seconds + check.seconds + phase
            while later < _AFTERMATH:
                yield later, chance.choice(brief)
                later += ours.interval

    return beginning(total(_AFTERMATH + _HOUR, begun()), _AFTERMATH)


def exporters_with_a_silent_member(clients: int, chance: random.Random) -> Load:
    """Return ten minutes after a member fell silent: each exporter's next round fails, and a check follows it.

    Every call lasts as long as the limit in force. The check is over once the verdict is certain, and so is its run at
    the ceiling.
    """
    ours = shipped()
    brief = sessions(chance, ours.round_calls, ours.gap, timeout.DEFAULT_SECONDS)
    main = sessions(chance, FAILURES, ours.gap, timeout.DEFAULT_SECONDS)
    ceiling = sessions(chance, 1, ours.gap, timeout.MAXIMUM_SECONDS)

    def begun() -> Iterator[tuple[float, Session]]:
        for _ in range(clients):
            time = chance.random() * ours.interval
            for kind in (brief, main, ceiling):
                made = chance.choice(kind)
                yield time, made
                time += made.seconds
            time += chance.random() * ours.interval
            while time < _AFTERMATH:
                yield time, chance.choice(brief)
                time += ours.interval

    return beginning(total(_AFTERMATH + _HOUR, begun()), _AFTERMATH)


def hourly(spread: float) -> Callable[[int, random.Random], Load]:
    """Return an hour of one check on each client, begun within the first `spread` seconds."""

    def load(clients: int, chance: random.Random) -> Load:
        ours = shipped()
        whole = sessions(chance, ours.check_calls, ours.gap)
        return total(_HOUR, ((chance.random() * spread, chance.choice(whole)) for _ in range(clients)))

    return load


def ansible(forks: int) -> Callable[[int, random.Random], Load]:
    """Return one play that checks every client, on `forks` of them at a time, from its beginning to its end."""

    def load(clients: int, chance: random.Random) -> Load:
        ours = shipped()
        whole = sessions(chance, ours.check_calls, ours.gap)
        free = [0.0] * forks
        begun: list[tuple[float, Session]] = []
        for _ in range(clients):
            made = chance.choice(whole)
            start = heapq.heappop(free) + ANSIBLE_SECONDS
            begun.append((start, made))
            heapq.heappush(free, start + made.seconds)
        return total(int(max(free)) + 1, begun)

    return load


def situations() -> tuple[Situation, ...]:
    """Return what the table shows, in its order."""
    return (
        Situation("exporter, as shipped", exporters_spread),
        Situation("exporter, all in step", exporters_in_step),
        Situation("exporter, all hosts boot within two minutes", exporters_booting),
        Situation("exporter, a member falls silent", exporters_with_a_silent_member),
        Situation("hourly timer, as shipped", hourly(shipped().timer_spread)),
        Situation("hourly timer, within ten minutes", hourly(600)),
        Situation("cron at minute 0", hourly(1)),
        Situation("Ansible, 5 forks", ansible(5)),
        Situation("Ansible, 50 forks", ansible(50)),
    )


def row(situation: Situation, clients: int) -> str:
    """Simulate one line of the table, always with the same chance."""
    load = situation.load(clients, random.Random(f"{situation.name}, {clients}"))  # noqa: S311 - to be repeated
    figures = (sum(load.calls) / len(load.calls), max(load.calls), max(load.begun), max(load.open))
    return f"| {situation.name} | {clients:,} | {lasting(len(load.calls))} | {' | '.join(map(rounded, figures))} |"


def lasting(seconds: int) -> str:
    """Write a period in minutes or hours."""
    return f"{rounded(seconds / 60)} min" if seconds < 2 * _HOUR else f"{rounded(seconds / _HOUR)} h"


def rounded(figure: float) -> str:
    """Write two significant digits: what chance and the assumptions leave of them."""
    digits = float(f"{figure:.2g}")
    return f"{digits:,.0f}" if digits >= 10 else f"{digits:g}"


def table() -> Iterator[str]:
    """Yield the lines of the Markdown table."""
    yield "| situation | clients | in | calls/s, mean | calls/s, peak | connections/s, peak | open at once |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for situation in situations():
        for clients in FLEETS:
            yield row(situation, clients)


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
