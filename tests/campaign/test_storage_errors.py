"""Every system call of a write fails once, or from then on; a write falls short; an in-place write is killed anywhere.

After each the file is the old one or the new one, whole, with its attributes; the message says which; the next run works.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.storage_child import need_root
from testing.storage_faults import ERRORS, StorageFault, need_faults, run
from testing.storage_scenarios import FILE, SCENARIOS, Scenario, directories, judge, on_file_system, outcome
from testing.storage_state import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANGING = {"write", "pwrite64", "fsync", "ftruncate", "renameat", "rename", "linkat", "unlinkat", "fchmod", "fchown"}
CHANGING |= {"fsetxattr", "fremovexattr"}
MANY_SECONDS = 3 * 3600
# A file that was recovered just now is read once more where it is younger than a second. On a busy machine a run can come
# later than that, with other calls; so a combination that missed its call is tried again.
TRIES = 5
SPARE = 50


class Combination(NamedTuple):
    """A place in the sequence of calls, and what happens there: once, or to every change from there on."""

    position: int
    fault: int | StorageFault
    lasting: bool = False
    then_killed: bool = False

    def plan(self, position: int, name: str) -> int | StorageFault | None:
        if self.then_killed and position == self.position + 1:
            return StorageFault.KILL
        if position == self.position or (self.lasting and position > self.position and name in CHANGING):
            return self.fault
        return None

    def __str__(self) -> str:
        fault = self.fault.value if isinstance(self.fault, StorageFault) else errno.errorcode[self.fault]
        return f"{fault} at call {self.position}{' and after' * self.lasting}{', then killed' * self.then_killed}"


class Thoroughness(Enum):
    """How many errors every call gets."""

    TURN = "one error in turn at each call; of several of one name in a row, as of a path, at the first"
    EACH = "every error at one call of each name, and one at the others"
    ALL = "every error at every call"


def errors_at(calls: list[str], position: int, thoroughness: Thoroughness) -> tuple[int, ...]:
    """Return the errors that the call at `position` is made to fail with."""
    if thoroughness is Thoroughness.ALL:
        return ERRORS
    if thoroughness is Thoroughness.TURN:
        return () if calls[position] == calls[position - 1] else (ERRORS[position % len(ERRORS)],)
    number, count = calls[:position].count(calls[position]), calls.count(calls[position])
    return ERRORS[number % len(ERRORS) :: count]


def combinations(scenario: Scenario, calls: list[str], thoroughness: Thoroughness) -> Iterator[Combination]:
    """Yield what to try."""
    lasting = (errno.EIO, errno.ENOSPC, errno.EROFS) if thoroughness is Thoroughness.ALL else (errno.EROFS,)
    for position, name in enumerate(calls):
        for error in errors_at(calls, position, thoroughness):
            yield Combination(position, error)
        if name in CHANGING:
            for error in lasting:
                yield Combination(position, error, lasting=True)
        if name in {"write", "pwrite64"}:
            yield Combination(position, StorageFault.SHORT)
        if scenario.in_place:  # the other ways to write: tests/test_replace_crash.py
            yield Combination(position, StorageFault.KILL)
            if name == "pwrite64":
                yield Combination(position, StorageFault.SHORT, then_killed=True)


def faulty(scenario: Scenario, directory: Path, plan: Callable[[int, str], int | StorageFault | None]) -> list[str]:
    """Run the scenario in the prepared directory with what `plan` has befall it, and judge it; return its calls."""
    before = kept(directory / FILE)
    done = run(lambda: outcome(scenario, directory), plan)
    judge(scenario, directory, before, done)
    return done.calls


def usual_calls(kind: str, base: Path, scenario: Scenario) -> list[str]:
    """Return the calls of a run that nothing befalls, as two of at most `TRIES` runs made them."""
    seen: list[list[str]] = []
    for directory in directories(kind, base, TRIES, scenario.prepare):
        calls = faulty(scenario, directory, lambda *_: None)
        if calls in seen:
            return calls
        seen.append(calls)
    raise AssertionError(f"{scenario.name}: no two of {TRIES} runs made the same calls")


def try_scenario(kind: str, base: Path, scenario: Scenario, thoroughness: Thoroughness) -> int:
    """Try all combinations of one way to write; return how many they were."""
    (first,) = directories(kind, base / "first", 1, scenario.prepare)
    outcome(scenario, first)  # imports what is imported late
    calls = usual_calls(kind, base / "plain", scenario)
    tried = list(combinations(scenario, calls, thoroughness))
    prepared = iter(directories(kind, base / "faulty", len(tried) + SPARE, scenario.prepare))
    failures = []
    for combination in tried:
        before = calls[: combination.position + 1]
        try:
            runs = (faulty(scenario, next(prepared), combination.plan) for _ in range(TRIES))
            assert any(made[: len(before)] == before for made in runs), "it came to another call every time"
        except (AssertionError, OSError) as error:
            failures.append(f"{scenario.name}: {combination} ({calls[combination.position]}): {error}")
    assert not failures, f"{len(failures)} of {len(tried)}:\n" + "\n".join(failures)
    return len(tried)


@pytest.mark.parametrize("kind", ["disk", "tmpfs", "overlay"])
def test_no_error_of_any_call_loses_anything(tmp_path: Path, kind: str, long_campaign: bool) -> None:
    need_faults()
    if kind != "disk":
        need_root("mounts something")
    begin = time.monotonic()
    processors = os.sched_getaffinity(0)
    short = Thoroughness.EACH if kind == "tmpfs" else Thoroughness.TURN
    thoroughness = Thoroughness.ALL if long_campaign else short

    def campaign(base: Path) -> int:
        signal.alarm(MANY_SECONDS)
        os.sched_setaffinity(0, {min(processors)})  # two processes that take turns are faster on one
        return sum(try_scenario(kind, base / each.name, each, thoroughness) for each in SCENARIOS)

    try:
        count = on_file_system(kind, tmp_path, campaign)
    finally:
        signal.alarm(0)
        os.sched_setaffinity(0, processors)
    print(f"campaign: storage errors on {kind}: {count} combinations, 0 lost, {time.monotonic() - begin:.0f} s")
