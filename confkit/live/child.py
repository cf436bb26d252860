"""A child process in a group of its own that talks in lines, and can be trusted with nothing.

It may hang, crash, or start programs that keep its pipes open. So nothing here waits for an end of file alone, and the
group is killed before the child is reaped: until then its number cannot belong to anybody else. What has left the group
is found by a tidier, which also acts should this process be killed. POSIX only.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from confkit.live import reaper as tidier

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_LINE = 1 << 16  # bytes; the longest that the worker sends has about 20,000
_LOOK_SECONDS = 0.05  # how often to look whether a silent child has ended
_END_SECONDS = 0.5  # how long a child that closed its pipe may take to end
_UNKNOWN = (0, 0)  # no si_code is 0


class Child:
    """A started process. `closed` turns true when no more lines can come; `kill` must be called in any case."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: str = "") -> None:
        """Start `command` without a shell; `folder` goes with it in the end. Raise OSError when that fails."""
        self.closed = False
        self._unfinished = b""
        mark = os.urandom(16).hex()
        self._tidier = tidier.start(mark, folder)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a list, no shell; the caller's own program
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**environment, tidier.VARIABLE: mark},
                start_new_session=True,
            )
        except BaseException:
            tidier.finish(self._tidier)
            raise
        assert self._process.stdin is not None  # noqa: S101 - for mypy: they were asked for
        assert self._process.stdout is not None  # noqa: S101 - as above
        self._input, self._output = self._process.stdin, self._process.stdout
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def send(self, line: str) -> None:
        """Send one short line. That the child has ended is no error here: `closed` will tell."""
        with suppress(BrokenPipeError):
            self._input.write(f"{line}\n".encode())

    def lines(self, seconds: float) -> list[bytes]:
        """Give the whole lines that came, after waiting a while, at most `seconds`; an endless one in pieces."""
        if self._selector.select(min(seconds, _LOOK_SECONDS)):
            received = os.read(self._output.fileno(), 1 << 16)
            self.closed = not received
        else:
            received = b""
            self.closed = self._status() is not None
        *whole, self._unfinished = (self._unfinished + received).split(b"\n")
        if len(self._unfinished) > _LONGEST_LINE:
            whole, self._unfinished = [self._unfinished], b""
        return whole

    def ending(self) -> str:
        """Say how the child ended, as what follows its name in a sentence."""
        give_up = time.monotonic() + _END_SECONDS
        while (status := self._status()) is None:
            if time.monotonic() > give_up:
                return "closed its connection to confkit"
            time.sleep(0.01)
        how, number = status
        if status == _UNKNOWN:
            return "ended"
        if how == os.CLD_EXITED:
            return f"ended with exit code {number}"
        try:
            name = signal.Signals(number).name
        except ValueError:  # a real-time signal
            name = f"signal {number}"
        return f"crashed ({name})"

    def _status(self) -> tuple[int, int] | None:
        """Give si_code and si_status of an ended child, without reaping it; None while it runs."""
        try:
            result = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # this process was started with SIGCHLD ignored: the system has reaped the child
            return _UNKNOWN
        return None if result is None else (result.si_code, result.si_status)

    def kill(self) -> None:
        """Kill it and all that it has started, and wait for it, though not for ever: it may be stuck in the kernel."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._selector.close()
        self._input.close()
        self._output.close()
        tidier.finish(self._tidier)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
