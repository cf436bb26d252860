"""The processes of an emulated group: scripts of this directory that end when their standard input does."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time

from confkit.core.errors import UnavailableError
from confkit.live.interpreter import interpreter

_DIRECTORY = os.path.dirname(os.path.abspath(__file__))
_MAX_START_SECONDS = 60  # seconds; a busy machine starts 32 of them in a few
_MAX_END_SECONDS = 10  # seconds


def start(script: str, *arguments: str, process_group: int) -> subprocess.Popen[bytes]:
    """Start a script in a process group, 0 being a new one of its own: a Ctrl-C at the terminal does not reach it."""
    # As a script, not as a module of confkit, whose own imports would take longer than all the rest.
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        interpreter(os.path.join(_DIRECTORY, script), *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=process_group,
    )


def first_line(process: subprocess.Popen[bytes], what: str) -> str:
    """Return the line that a process prints when it is ready; `what` names it in the message of UnavailableError."""
    assert process.stdout is not None  # noqa: S101 - `start` makes it
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    deadline = time.monotonic() + _MAX_START_SECONDS
    line = b""
    while not line.endswith(b"\n"):
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise UnavailableError(f"{what} was not ready after {_MAX_START_SECONDS} s. Is this machine overloaded?")
        data = os.read(process.stdout.fileno(), 4096)
        if not data:
            raise UnavailableError(f"{what} ended when it was started. Its own message is on standard error.")
        line += data
    return os.fsdecode(line.rstrip(b"\n"))


def tell(process: subprocess.Popen[bytes], words: str | None) -> None:
    """Send a line of JSON to a process, which may be gone."""
    assert process.stdin is not None  # noqa: S101 - `start` makes it
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(words).encode() + b"\n")
        process.stdin.flush()


def wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to end; kill it after _MAX_END_SECONDS."""
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None  # noqa: S101 - `start` makes both
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
    try:
        process.wait(_MAX_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
