"""A child process in a session of its own that talks in lines, and can be trusted with nothing.

It may hang, crash, or start programs that keep its pipes open. So nothing here waits for an end of file alone. The
cleanup process (`reaper`) starts it, says how it ended, and ends it with all that it has started, also should this
process be killed. POSIX only.
"""

from __future__ import annotations

import errno
import fcntl
import os
import selectors
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from confkit.live import reaper

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_LINE = 1 << 16  # bytes; the longest that the worker sends has about 20,000
_LOOK_SECONDS = 0.05  # how often to look whether time is up
_END_SECONDS = 0.5  # how long a child that closed its pipe may take to end
_FIRST = 3  # the first descriptor that is no standard stream
_UNKNOWN = "ended"  # the cleanup process itself has been ended, and the child with it


def _pipe() -> tuple[int, int]:
    """Return the ends of a pipe, none of them a standard stream, even where those are closed: a child gets its own."""
    ends = os.pipe()
    try:
        read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FIRST) for end in ends)
    finally:
        for end in ends:
            os.close(end)
    return read, write


class Child:
    """A started process. `closed` turns true when no more lines can come; `kill` must be called in any case."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: str = "") -> None:
        """Start `command` without a shell; `folder` goes with it in the end. Raise OSError when that fails."""
        self.closed = False
        self._unfinished = b""
        self._ending = ""
        its_input, self._input = _pipe()
        self._output, its_output = _pipe()
        try:
            self._reaper = reaper.start(folder, command, environment, (its_input, its_output))
        except BaseException:
            self._close()
            raise
        finally:
            os.close(its_input)
            os.close(its_output)
        assert self._reaper.stdout is not None  # noqa: S101 - for mypy: with a command there is one
        self._said = self._reaper.stdout
        self._selector = selectors.DefaultSelector()
        try:
            began, _, number = self._said.readline().decode().strip().partition(" ")
        except BaseException:
            self.kill()
            raise
        if began != "started":
            self.kill()
            code = int(number or errno.ECHILD)
            raise OSError(code, os.strerror(code), command[0])
        self._selector.register(self._output, selectors.EVENT_READ)
        self._selector.register(self._said, selectors.EVENT_READ)

    def _close(self) -> None:
        os.close(self._input)
        os.close(self._output)

    def send(self, line: str) -> None:
        """Send one short line. That the child has ended is no error here: `closed` will tell."""
        with suppress(BrokenPipeError):
            os.write(self._input, f"{line}\n".encode())

    def lines(self, seconds: float) -> list[bytes]:
        """Give the whole lines that came, after waiting a while, at most `seconds`; an endless one in pieces."""
        ready = {key.fd for key, _ in self._selector.select(min(seconds, _LOOK_SECONDS))}
        received = b""
        if self._output in ready:
            received = os.read(self._output, 1 << 16)
            self.closed = not received
            if self.closed:
                self._selector.unregister(self._output)
        elif ready or self._ending:
            self._take_ending()
            self.closed = True
        *whole, self._unfinished = (self._unfinished + received).split(b"\n")
        if len(self._unfinished) > _LONGEST_LINE:
            whole, self._unfinished = [self._unfinished], b""
        return whole

    def _take_ending(self) -> None:
        """Keep what the cleanup process says of the child's end, which it has said or is about to."""
        if not self._ending:
            self._ending = self._said.readline().decode().strip() or _UNKNOWN
            self._selector.unregister(self._said)

    def ending(self) -> str:
        """Say how the child ended, as what follows its name in a sentence."""
        give_up = time.monotonic() + _END_SECONDS
        while not self._ending:
            if time.monotonic() > give_up:
                return "closed its connection to confkit"
            if self._said.fileno() in {key.fd for key, _ in self._selector.select(_LOOK_SECONDS)}:
                self._take_ending()
        how, _, number = self._ending.partition(" ")
        if how == "exited":
            return f"ended with exit code {number}"
        if how == "killed":
            try:
                return f"crashed ({signal.Signals(int(number)).name})"
            except ValueError:  # a real-time signal
                return f"crashed (signal {number})"
        return _UNKNOWN

    def kill(self) -> None:
        """Kill it and all that it has started, and wait, though not for ever: it may be stuck in the kernel."""
        self._selector.close()
        self._close()
        reaper.finish(self._reaper)
