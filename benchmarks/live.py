"""The live call: confkit beside a C program that makes the same calls of the same emulated group.

The emulated members answer after a fixed time, so what differs between the two sides is what confkit adds. The whole
check is `confkit check` as a process, its start included; only the gaps between its calls are drawn from a seed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.live_check import MEAN_GAP, spacing
from benchmarks.measure import Comparison, Side, in_turn
from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup

_SOURCE = Path(__file__).with_name("live_driver.c")
_CALLS = 66  # of a default check of a healthy group
_MEMBER_MS = 20
_SLOW_MEMBER_MS = 100
_SIZES = (1, 8, 32)
_CALLS_OF_A_SIZE = 20
_OLD_ROUNDS = 3  # a call of 32 members takes 6.4 s the old way
_NEW, _OLD = "CA_GetCurrentHAState", "CA_GetHAState"


class _Check(NamedTuple):
    """One `confkit check`, in seconds: its wall time, the median of its calls, and the CPU time of its own process.

    `probing_cpu` is that while calls were made, which took `probing_wall`; `whole_cpu` has the start, too.
    """

    wall: float
    call: float
    probing_cpu: float
    probing_wall: float
    whole_cpu: float


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield one comparison after the other, each of `rounds` rounds."""
    with tempfile.TemporaryDirectory(prefix="confkit-benchmark-") as folder:
        driver = os.path.join(folder, "live_driver")
        subprocess.run(["cc", "-std=c11", "-O2", _SOURCE, "-o", driver], check=True)  # noqa: S607 - the compiler found
        yield from _whole_checks(driver, rounds)
        yield from _goals()
        yield from _sizes(driver, rounds)


def _whole_checks(driver: str, rounds: int) -> Iterator[Comparison]:
    """Compare calls, CPU and the wall time of a whole check, all from the same runs in turn."""
    checks: list[_Check] = []
    theirs: list[float] = []
    with running_group([MemberPlan((_MEMBER_MS,))] * 3) as group:
        for _ in range(rounds + 1):
            checks.append(_check(group))
            theirs.append(_c_program(driver, group, _NEW, _CALLS, MEAN_GAP))
    ours = _Check(*map(statistics.median, zip(*checks[1:], strict=True)))  # the first round does not count
    call = statistics.median(theirs[1:])
    members = f"3 members of {_MEMBER_MS} ms"
    yield Comparison(f"one live call, {members}", "s", "confkit check", "C program", ours.call, call, 1.02)
    yield Comparison(
        "CPU of the parent while calls are made",
        "s",
        "CPU",
        "wall",
        ours.probing_cpu,
        ours.probing_wall,
        0.02,
        f"{ours.whole_cpu:.2f} s with the start of Python and its imports",
    )
    planned = _CALLS * call + spacing(_CALLS)
    note = f"{spacing(_CALLS):.2f} s of it is the spacing asked for"
    yield Comparison(
        f"check of {_CALLS} calls, {members}", "s", "confkit check", f"{_CALLS} C calls", ours.wall, planned, 1.1, note
    )


def _goals() -> Iterator[Comparison]:
    """Compare whole checks at statusTimeout 3 s with their calls alone, the least that these can take; once each.

    The goal is one of seconds (docs/explanation/verdict.md); it is shown as the ratio that it comes to.
    """
    quick, hanging = MemberPlan((_MEMBER_MS,)), MemberPlan(fault=Fault("hang"))
    for what, plans, seconds in (
        ("a healthy group", [quick] * 3, 10),
        ("one member always at 3.3 s", [quick, quick, MemberPlan((3300,))], 45),
        ("one member hangs", [quick, quick, hanging], 80),
        ("all members hang", [hanging] * 3, 80),
    ):
        with running_group(plans, report_early=True) as group:
            command = [sys.executable, "-m", "confkit", "check", "--format", "json"]
            started = time.perf_counter()
            done = subprocess.run(command, env=_environment(group), check=False, capture_output=True, text=True)
            wall = time.perf_counter() - started
        answer = json.loads(done.stdout)
        calls = sum(one for run in answer["runs"] for one in run["times"] if one is not None)
        note = f"{answer['verdict']}; the goal is {seconds} s"
        yield Comparison(f"check: {what}", "s", "confkit check", "its calls", wall, calls, seconds / calls, note)


def _sizes(driver: str, rounds: int) -> Iterator[Comparison]:
    """Compare the status call over groups of several sizes, and with the old call over the largest."""
    with running_group([MemberPlan((_SLOW_MEMBER_MS,))]) as one:
        single = _side(driver, one, _NEW, _CALLS_OF_A_SIZE)
        for size in _SIZES:
            with running_group([MemberPlan((_SLOW_MEMBER_MS,))] * size) as group:
                new = _side(driver, group, _NEW, _CALLS_OF_A_SIZE)
                what = f"{size} members of {_SLOW_MEMBER_MS} ms"
                if size > 1:
                    yield in_turn(f"{what}, and 1", new, single, rounds=rounds, goal=1.1)
                goal = 0.04 if size == _SIZES[-1] else None
                yield in_turn(what, new, _side(driver, group, _OLD, 1), rounds=min(rounds, _OLD_ROUNDS), goal=goal)


def _side(driver: str, group: EmulatedGroup, function: str, calls: int) -> Side:
    members = f"{len(group.members)} member" + "s" * (len(group.members) > 1)
    return Side(f"{function}, {members}", partial(_c_program, driver, group, function, calls, MEAN_GAP))


def _check(group: EmulatedGroup) -> _Check:
    command = [sys.executable, "-m", "benchmarks.live_check", "check", "--format", "json"]
    started = time.perf_counter()
    done = subprocess.run(command, env=_environment(group), check=True, capture_output=True, text=True)
    wall = time.perf_counter() - started
    cost = json.loads(done.stderr)
    call = json.loads(done.stdout)["elapsed_seconds"]["median"]
    return _Check(wall, call, cost["probing"], cost["wall"], cost["whole"])


def _c_program(driver: str, group: EmulatedGroup, function: str, calls: int, gap: float) -> float:
    """Let the C program make its calls; return the median in seconds, by its own clock."""
    command = [driver, group.library, function, str(calls), str(gap)]
    done = subprocess.run(command, env=_environment(group), check=True, capture_output=True, text=True)
    return statistics.median(int(line) for line in done.stdout.split()) / 1e9


def _environment(group: EmulatedGroup) -> dict[str, str]:
    return {**os.environ, **group.environment()}
