"""Run the command as users do: its words, its environment and its streams, in a process of its own."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from testing import command_server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECONDS = 60
_AT_THE_START = ("PYTHON", "LC_", "LANG")  # variables that an interpreter reads before anything else


class Result(NamedTuple):
    code: int
    out: str
    err: str


class _Server(NamedTuple):
    """A process that has imported confkit and forks for every command. Only the process that started it may ask it."""

    path: str
    owner: int
    environment: Mapping[str, str]


def confkit(*arguments: str, stdin: str | bytes = b"", environment: dict[str, str] | None = None) -> Result:
    """Run `confkit` with these arguments, nothing of this process's configuration in the environment.

    Most tests are about what a command does, not about how an interpreter starts: where that cannot differ, the process
    is forked from one that has imported confkit.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    full = {**inherited, "COLUMNS": "120", **(environment or {})}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin if isinstance(stdin, bytes) else stdin.encode())
        given.seek(0)
        code = _run(arguments, full, (given, out, err))
        out.seek(0)
        err.seek(0)
        return Result(code, out.read().decode("utf-8", "surrogateescape"), err.read().decode("utf-8", "replace"))


def _run(arguments: Sequence[str], environment: Mapping[str, str], files: Sequence[IO[bytes]]) -> int:
    server = _server()
    if os.getpid() == server.owner and _read_at_the_start(environment) == _read_at_the_start(server.environment):
        with contextlib.suppress(FileNotFoundError):  # a current directory that is gone
            return command_server.ask(server.path, arguments, environment, [each.fileno() for each in files], _SECONDS)
    given, out, err = files
    return subprocess.run(
        [sys.executable, "-m", "confkit", *arguments],
        stdin=given,
        stdout=out,
        stderr=err,
        check=False,
        timeout=_SECONDS,
        env=environment,
    ).returncode


def _read_at_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_AT_THE_START)}


@cache
def _server() -> _Server:
    directory = tempfile.TemporaryDirectory(prefix="confkit-commands-")
    path = str(Path(directory.name, "socket"))
    process = subprocess.Popen(
        [sys.executable, "-m", "testing.command_server", path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(directory.cleanup)
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    process.stdout.close()
    return _Server(path, os.getpid(), dict(os.environ))
