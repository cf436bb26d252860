"""Helper processes of an emulated group: modules of this package that end when their standard input does."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time

from confkit.errors import UnavailableError

_PACKAGE_ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
_LONGEST_START = 60  # seconds; a busy machine starts 32 of them in a few
_LONGEST_END = 10  # seconds


def start(module: str, *arguments: str, process_group: int) -> subprocess.Popen[bytes]:
    """Start a module in a process group, 0 being a new one of its own: a Ctrl-C at the terminal does not reach it."""
    # The same confkit as this one, however it was found; -P: and nothing from the working directory.
    path = os.pathsep.join(filter(None, [_PACKAGE_ROOT, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", f"confkit.emulator.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        process_group=process_group,
    )


def first_line(process: subprocess.Popen[bytes], what: str) -> str:
    """Return the line that a process prints when it is ready; `what` names it in the message of UnavailableError."""
    assert process.stdout is not None  # noqa: S101 - `start` makes it
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    deadline = time.monotonic() + _LONGEST_START
    line = b""
    while not line.endswith(b"\n"):
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise UnavailableError(f"{what} was not ready after {_LONGEST_START} s. Is this machine overloaded?")
        data = os.read(process.stdout.fileno(), 4096)
        if not data:
            raise UnavailableError(f"{what} ended when it was started. Its own message is on standard error.")
        line += data
    return os.fsdecode(line.rstrip(b"\n"))


def close_input(process: subprocess.Popen[bytes]) -> None:
    """Let a process end, without waiting for it."""
    assert process.stdin is not None  # noqa: S101 - `start` makes it
    process.stdin.close()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process by ending its input; kill it where that does not do."""
    assert process.stdout is not None  # noqa: S101 - `start` makes it
    close_input(process)
    process.stdout.close()
    try:
        process.wait(_LONGEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
