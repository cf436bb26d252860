"""confkit lint against yamllint, on the same content in the same number of bytes; one core against two; large files.

Both are installed in one environment, with their bytecode compiled. yamllint runs with its default rules.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import peers
from benchmarks.lint_files import configuration, hostile
from benchmarks.measure import Side, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Comparison

_FILES = 10_000
_FILES_OF_PEER = 500  # it takes 46 ms for each, and its start-up is 1 % of that
_MOST_ROUNDS = 3  # of what takes minutes
_NAMES = {"conf": "Chrystoki.conf", "yaml": "values.yaml"}


class Program(NamedTuple):
    """A linter: its name with its version, and the command that the files follow."""

    name: str
    command: list[str]


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield the comparisons of the linter."""
    few = min(rounds, _MOST_ROUNDS)
    ours = Program(peers.named("luna-confkit"), [peers.program("confkit"), "lint"])
    theirs = Program(peers.named("yamllint"), [peers.program("yamllint")])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield _one_file(folder, ours, theirs, rounds)
        _write_fleet(folder)
        yield from _many_files(folder, ours, theirs, few)
        yield from _large_files(folder, ours, few)


def _clean() -> dict[str, str]:
    """Return the environment as users have it: with compiled modules, and nothing of ours on the way."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}


def _one_file(folder: Path, ours: Program, theirs: Program, rounds: int) -> Comparison:
    for kind, source in configuration(1)._asdict().items():
        (folder / _NAMES[kind]).write_bytes(source)
    sides = (
        Side(program.name, partial(_run, program, [str(folder / name)]))
        for program, name in zip((ours, theirs), _NAMES.values(), strict=True)
    )
    return in_turn(
        "lint one file of 4 KB as a process",
        *sides,
        rounds=rounds,
        goal=1.0,
        note="same content, no finding on either side; start-up of Python in both",
    )


def _write_fleet(folder: Path) -> None:
    for number in range(_FILES):
        both = configuration(number)
        for kind, source in both._asdict().items():
            if kind == "conf" or number < _FILES_OF_PEER:
                place = folder / kind / f"{number:05}"
                place.mkdir(parents=True)
                (place / _NAMES[kind]).write_bytes(source)


def _many_files(folder: Path, ours: Program, theirs: Program, rounds: int) -> Iterator[Comparison]:
    what = f"lint {_FILES} files of 4 KB in one call"
    note = f"time for a file: confkit over {_FILES} files, yamllint over {_FILES_OF_PEER}"
    peer = Side(theirs.name, lambda: 1e3 * _run(theirs, [str(folder / "yaml")]) / _FILES_OF_PEER)
    alone, both = (
        Side(f"{ours.name}, {name}", partial(_milliseconds_a_file, ours, folder / "conf", cores))
        for name, cores in (("one core", {0}), (f"{_cores()} cores", None))
    )
    yield in_turn(what, both, peer, rounds=rounds, goal=0.1, unit="ms a file", note=note)
    yield in_turn(f"{what}, against itself", both, alone, rounds=rounds, goal=0.6, unit="ms a file")


def _milliseconds_a_file(program: Program, folder: Path, cores: set[int] | None) -> float:
    return 1e3 * _run(program, [str(folder)], cores) / _FILES


def _large_files(folder: Path, ours: Program, rounds: int) -> Iterator[Comparison]:
    for kind, count, what in (
        ("files", 1250, "lint 10 MB (the good file, 2500 times over) against 5 MB"),
        ("entries", 500_000, "lint a section of a million unknown entries against half of it"),
    ):
        paths = [folder / f"{kind}-{times}.conf" for times in (1, 2)]
        for times, path in enumerate(paths, 1):
            path.write_bytes(hostile(kind, count * times))
        half, whole = (
            Side(f"{ours.name}, {path.stat().st_size / 1e6:.0f} MB", partial(_run, ours, [str(path)], None, {3}))
            for path in paths
        )
        yield in_turn(what, whole, half, rounds=rounds, goal=2.2, note="more findings than are reported: exit code 3")
        half, whole = (
            Side(each.name, partial(_memory, ours, path)) for each, path in zip((half, whole), paths, strict=True)
        )
        yield in_turn(f"{what}: peak memory", whole, half, rounds=1, unit="MB")


def _run(program: Program, files: list[str], cores: set[int] | None = None, codes: set[int] | None = None) -> float:
    """Return the seconds that a run takes; it must end with one of `codes`, which is 0 for no finding at all."""
    started = time.perf_counter()
    done = subprocess.run(
        [*program.command, *files],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=os.path.dirname(files[0]),  # where no settings of either linter lie
        env=_clean(),
        preexec_fn=partial(os.sched_setaffinity, 0, cores) if cores else None,
    )
    ended = time.perf_counter()
    if done.returncode not in (codes or {0}):
        raise RuntimeError(f"{program.name} ended with {done.returncode}")
    return ended - started


def _memory(program: Program, path: Path) -> float:
    """Return the most megabytes that a run holds."""
    with subprocess.Popen(
        [*program.command, str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=path.parent,
        env=_clean(),
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss / 1024


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
