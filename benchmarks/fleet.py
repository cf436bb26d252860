"""Ansible on two hundred hosts beside ten: what a host costs may not grow with their number.

A local connection and a folder for each host, so that the machine is the same and no network is measured. What an empty
play takes is taken off, for it would make ten hosts look dear.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Comparison, Side, in_turn, seconds
from testing.ansible_many import many
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.ansible_plays import Controller

FEW, MANY = 10, 200
GOAL = 1.2
MOST_ROUNDS = 3  # a round takes minutes


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Compare what a host takes of two hundred, and of ten."""
    rounds = min(rounds, MOST_ROUNDS)
    source = (REPOSITORY / "samples" / "unix" / "Chrystoki.conf").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        few = many(Path(folder) / "few", FEW, source)
        lot = many(Path(folder) / "many", MANY, source)
        empty = Path(folder) / "empty.yml"
        empty.write_text("[{hosts: luna_clients, gather_facts: false, tasks: []}]")
        start = seconds(lambda: few[0].run(empty))
        sides = [_side(each, source, start) for each in (lot, few)]
        note = f"an empty play takes {start:.1f} s"
        yield in_turn("set statusTimeout on a host, by Ansible", *sides, rounds=rounds, goal=GOAL, note=note)


def _side(hosts: tuple[Controller, list[Path]], source: bytes, start: float) -> Side:
    """Return the side of one number of hosts: the seconds per host of a play that changes every file."""
    ansible, files = hosts

    def measure() -> float:
        for file in files:
            file.write_bytes(source)
        return (seconds(lambda: _run(ansible, len(files))) - start) / len(files)

    return Side(f"{len(files)} hosts", measure)


def _run(ansible: Controller, count: int) -> None:
    played = ansible.run(ansible.folder / "entry.yml", variables={"status_timeout_seconds": 5})
    if played.exit_code != 0 or len(played.hosts(changed=True)) != count:
        raise RuntimeError(f"not every host was changed:\n{played.output}")
