"""One edit, and one press of the key of completion, as a process of its own.

An edit is `confkit set-timeout` or `crudini --set`; both stand beside an empty Typer program.

Every run changes the file, since both programs leave a file alone that is so already. Both sync the file and its folder
to the disk; the empty program touches no file at all.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import inputs, peers
from benchmarks.measure import Side, in_turn, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Comparison

_EMPTY = """import typer

app = typer.Typer()


@app.command()
def command() -> None:
    pass


app()
"""


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Yield the edit against the empty program and against crudini."""
    with tempfile.TemporaryDirectory() as folder:
        unix, windows, empty = (Path(folder, name) for name in ("Chrystoki.conf", "crystoki.ini", "empty.py"))
        unix.write_bytes(inputs.unix(inputs.CLIENT))
        windows.write_bytes(inputs.windows(inputs.CLIENT))
        empty.write_text(_EMPTY)
        value = map(str, itertools.cycle((10, 11)))
        confkit = Side("confkit", lambda: run("confkit", "set-timeout", next(value), "-c", str(unix)))
        typer = Side(f"an empty program, {peers.named('typer')}", lambda: run("python", str(empty)))
        crudini = Side(
            peers.named("crudini"),
            lambda: run("crudini", "--set", str(windows), "HAConfiguration", "statusTimeout", next(value)),
        )
        yield in_turn("set-timeout as a process", confkit, typer, rounds=2 * rounds, goal=1.15)
        yield in_turn("set-timeout as a process", confkit, crudini, rounds=2 * rounds)
        words = ("get", "-c", str(unix), "LunaSA Cl")
        pressed = Side("confkit", lambda: run("confkit", *words, variable=("_CONFKIT_COMPLETE", "zsh")))
        yield in_turn("completion of a section", pressed, typer, rounds=2 * rounds, goal=1.5)


def run(name: str, *arguments: str, variable: tuple[str, str] | None = None) -> float:
    """Return the seconds that a program of the environment takes as a process; CalledProcessError where it fails.

    `variable` is one more of its environment.
    """
    # as users have it: with the compiled modules, and nothing of ours on the way
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment.update([variable] if variable else [])
    command = [peers.program(name), *arguments]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True, env=environment))
