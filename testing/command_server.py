"""Runs `confkit` again and again without its start-up: a process that has imported it, and forks for every command.

`python -m testing.command_server PATH` listens at a socket. A connection is one command: its words, directory, umask and
environment as one line of JSON, with the open files that become its standard streams. The answer is its exit code, minus
the number of the signal that ended it. The server ends when its standard input does.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING, NoReturn

from confkit.cli.application import VERBS
from confkit.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LARGEST = 1 << 20  # bytes of an order; its environment is the most of it
_LATE = ("confkit.reports.show.text", "confkit.reports.difference", "confkit.lint.rules", "confkit.check.checker")


def ask(path: str, words: Sequence[str], environment: Mapping[str, str], files: Sequence[int], seconds: float) -> int:
    """Have the server at `path` run a command with these standard streams; return its exit code (see above)."""
    umask = os.umask(0)
    os.umask(umask)
    order = {"words": [*words], "directory": os.getcwd(), "umask": umask, "environment": dict(environment)}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(path)
        socket.send_fds(connection, [b"!"], [*files])
        connection.sendall(json.dumps(order).encode() + b"\n")
        return int(connection.makefile("rb").readline())


def serve(path: str) -> None:
    """Run commands until standard input ends."""
    for name in (*(f"confkit.cli.commands.{module}" for module in VERBS.values()), *_LATE):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a command
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        print("ready", flush=True)
        while True:
            if 0 in select.select([0, listening.fileno()], [], [])[0] and not os.read(0, 1):
                return
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    listening.close()
                    _handle(connection)


def _handle(connection: socket.socket) -> NoReturn:
    """Run the command of one connection in a child, tell how it ended, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(connection, 1, 3)
    order = json.loads(connection.makefile("rb").readline(_LARGEST))
    child = os.fork()
    if child == 0:
        connection.close()
        _become(files, order["words"], order["directory"], order["umask"], order["environment"])
    for descriptor in files:
        os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(b"%d\n" % code)
    os._exit(0)


def _become(files: list[int], words: list[str], directory: str, umask: int, environment: dict[str, str]) -> NoReturn:
    """Run the command in this process, as a new interpreter would, and end."""
    os.chdir(directory)
    os.umask(umask)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = (_stream(number, stream) for number, stream in enumerate(_STREAMS))
    sys.argv = ["confkit", *words]
    code: object = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - a new interpreter would show it as well
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


_STREAMS = (sys.stdin, sys.stdout, sys.stderr)


def _stream(number: int, like: object) -> io.TextIOWrapper:
    assert isinstance(like, io.TextIOWrapper)
    stream = open(number, like.mode, encoding=like.encoding, errors=like.errors, closefd=False)  # noqa: SIM115 - of the process
    assert isinstance(stream, io.TextIOWrapper)
    return stream


if __name__ == "__main__":
    serve(sys.argv[1])
