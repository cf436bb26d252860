"""An interactive shell on a terminal of its own, for what it does when keys are pressed."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SEQUENCES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")


class Terminal:
    """A terminal with a program on it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._descriptor, keys.encode())

    def read_until(self, expected: str, seconds: float = 60) -> str:
        """Return what was printed until `expected` was, without the sequences of the terminal. AssertionError else."""
        printed = ""
        deadline = time.monotonic() + seconds
        while expected not in _without_sequences(printed):
            ready, _, _ = select.select([self._descriptor], [], [], max(0, deadline - time.monotonic()))
            try:
                read = os.read(self._descriptor, 65536) if ready else b""
            except OSError:  # the program has ended
                read = b""
            if not read:
                raise AssertionError(f"{expected!r} is not in {_without_sequences(printed)!r}")
            printed += read.decode("utf-8", "replace")
        return _without_sequences(printed)


@contextmanager
def on_a_terminal(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Start a program on a terminal, and end it afterwards."""
    process, descriptor = pty.fork()
    if process == 0:
        try:
            os.execvpe(command[0], list(command), dict(environment))
        finally:
            os._exit(127)
    try:
        yield Terminal(descriptor)
    finally:
        os.close(descriptor)  # hangs up
        os.waitpid(process, 0)


def _without_sequences(printed: str) -> str:
    text = _SEQUENCES.sub("", printed)
    while "\b" in text:
        text = re.sub(r"[^\b]\b|^\b", "", text, count=1)
    return text
