"""Thirty changes: one `confkit apply`, one `confkit set`, and thirty calls of `crudini --set`, each a process.

Every run changes all thirty entries, since the programs leave a file alone that is so already. All sync the file
and its directory to the disk: apply and set once, crudini at each call.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inputs, peers
from benchmarks.measure import Side, in_turn, seconds
from benchmarks.processes import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Comparison

COUNT = 30
GOAL = 1.3
_SECTION = "LunaSA Client"


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield `apply` of thirty changes against one `set`, and against thirty calls of crudini, in one paired run."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (Path(folder, name) for name in ("crystoki.ini", "theirs.ini"))
        for path in (ours, theirs):
            path.write_bytes(inputs.windows(inputs.CLIENT))
        files = [Path(folder, f"changes{number}.toml") for number in range(2)]
        entries = [entries_of(number) for number in range(2)]
        for file, wanted in zip(files, entries, strict=True):
            lines = "".join(f'{key} = "{value}"\n' for key, value in wanted.items())
            file.write_text(f'[set."{_SECTION}"]\n{lines}')
        change, value, turn = itertools.cycle(files), itertools.cycle(("30000", "20000")), itertools.cycle(entries)
        apply = Side(f"apply of {COUNT}", lambda: run("confkit", "apply", str(next(change)), "-c", str(ours)))
        one = Side("one set", lambda: run("confkit", "set", _SECTION, "ReceiveTimeout", next(value), "-c", str(ours)))
        crudini = Side(f"{COUNT} calls of {peers.named('crudini')}", lambda: _all(theirs, next(turn)))
        yield in_turn(f"{COUNT} changes as a process", apply, one, rounds=2 * rounds, goal=GOAL)
        yield in_turn(f"{COUNT} changes as a process", apply, crudini, rounds=rounds)


def entries_of(number: int) -> dict[str, str]:
    """Return thirty entries of fifteen appliances, with other values for another number."""
    hosts = {f"ServerName{index:02}": f"hsm{index:02}-{number}.example.com" for index in range(COUNT // 2)}
    return hosts | {f"ServerPort{index:02}": str(1792 + number) for index in range(COUNT // 2)}


def _all(path: Path, entries: dict[str, str]) -> float:
    return seconds(lambda: [run("crudini", "--set", str(path), _SECTION, key, value) for key, value in entries.items()])
