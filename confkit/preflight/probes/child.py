"""Run a look at the file system in a child process that can be abandoned.

A network mount whose server is gone holds whoever touches it, sometimes even against SIGKILL. So this process touches
no file that a configuration names: a forked child does, and reports line by line. One that reports nothing for too long
is killed, and not waited for when it does not end.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
import traceback
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[dict[str, Any]], None]

MAX_SECONDS = 600.0
"""For everything; ten thousand certificates take seconds"""

_POLL_SECONDS = 0.1
_REAP_SECONDS = 0.5
_CHUNK = 1 << 16


def run(work: Callable[[Report], None], silence_seconds: float, take: Callable[[dict[str, Any]], None]) -> bool:
    """Run `work` in a child; give `take` each report as it comes. Return whether the child came to the end of it.

    False: it was killed because it had reported nothing for `silence_seconds` and had not computed either. RuntimeError
    for an exception in `work`. Forks: to be called where this process has no other threads.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns where there are other threads: one may hold a lock that the child needs. Such a child is
        # silent, and killed like one that touches a hung mount.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(reader)
        _child(work, writer)
    os.close(writer)
    try:
        ended = _listen(reader, silence_seconds, take, pid)
        if ended:
            _wait(pid)  # it is about to end by itself
    finally:
        os.close(reader)
        _kill(pid)
    return ended


def _listen(reader: int, silence_seconds: float, take: Callable[[dict[str, Any]], None], pid: int) -> bool:
    unfinished = b""
    end = time.monotonic() + MAX_SECONDS
    silent_at, used = time.monotonic() + silence_seconds, 0
    while (now := time.monotonic()) < min(silent_at, end):
        if select.select([reader], [], [], min(_POLL_SECONDS, silent_at - now))[0]:
            received = os.read(reader, _CHUNK)
            if not received:
                raise RuntimeError("the child process that looks at the files ended without a result")
            *lines, unfinished = (unfinished + received).split(b"\n")
            if _done(lines, take):
                return True
        elif (ticks := _cpu_ticks(pid)) == used:
            continue
        else:
            used = ticks  # it computes: a large file is not a silent one
        silent_at = time.monotonic() + silence_seconds
    return False


def _done(lines: list[bytes], take: Callable[[dict[str, Any]], None]) -> bool:
    """Hand on what the lines report; return whether the last report is among them."""
    for message in map(json.loads, lines):
        if "done" in message:
            return True
        if "bug" in message:
            raise RuntimeError(message["bug"])
        take(message)
    return False


def _cpu_ticks(pid: int) -> int:
    """Return the processor time that a process has used, in clock ticks; 0 where no /proc tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])  # utime and stime, the 14th and 15th field of proc_pid_stat(5)


def _kill(pid: int) -> None:
    """Kill the child and what it has started; wait for it only briefly, as it may be stuck in the kernel."""
    for kill in (os.killpg, os.kill):  # its group may not be there yet
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    _wait(pid)
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _wait(pid: int) -> None:
    """Wait until the child has ended, but not for long; reap it later, so that its number stays its own."""
    end = time.monotonic() + _REAP_SECONDS
    with suppress(ChildProcessError):
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None and time.monotonic() < end:
            time.sleep(0.001)


def _child(work: Callable[[Report], None], writer: int) -> NoReturn:
    """Carry out the work and end, without the interpreter's own clean-up: standard output is the parent's."""
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        lock = threading.Lock()

        def report(message: dict[str, Any]) -> None:
            with lock:
                _write(writer, json.dumps(message).encode() + b"\n")

        report(_outcome(work, report))
    finally:
        os._exit(0)


def _outcome(work: Callable[[Report], None], report: Report) -> dict[str, Any]:
    try:
        work(report)
    except BaseException:  # noqa: BLE001 - raised again in the parent
        return {"bug": traceback.format_exc()}
    return {"done": True}


def _write(descriptor: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:  # the parent is gone
        sys.exit()
