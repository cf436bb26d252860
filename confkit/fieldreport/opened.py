"""Which files were opened while the library was in use: which configuration it really read.

inotify(7) reports every process, so one that happened to start meanwhile counts, too. Linux only; where it is not
available (a file that may not be read, a limit of the system) the answer for a file is None.
"""

from __future__ import annotations

import ctypes
import os
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_IN_OPEN = 0x20
_EVENT = "iIII"  # watch, mask, cookie, length of the name that follows (none for a watch on a file)
_EVENT_BYTES = struct.calcsize(_EVENT)
_MAX_BYTES = 1 << 16


@contextmanager
def watched(paths: Sequence[str]) -> Iterator[Callable[[], dict[str, bool | None]]]:
    """Yield the function that says, for each of `paths`, whether it has been opened since the block began."""
    system = ctypes.CDLL(None)
    descriptor = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(system, "inotify_init1") else -1
    watches = {path: _watch(system, descriptor, path) for path in paths}
    opened: set[int] = set()

    def answer() -> dict[str, bool | None]:
        opened.update(_events(descriptor))
        return {path: None if watch < 0 else watch in opened for path, watch in watches.items()}

    try:
        yield answer
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _watch(system: ctypes.CDLL, descriptor: int, path: str) -> int:
    if descriptor < 0:
        return -1
    return int(system.inotify_add_watch(descriptor, os.fsencode(path), _IN_OPEN))


def _events(descriptor: int) -> set[int]:
    """Return the watches with events; the kernel merges equal events in a row, so one read returns all."""
    try:
        data = os.read(descriptor, _MAX_BYTES)
    except OSError:  # nothing to tell, or no inotify
        return set()
    return {event[0] for event in struct.iter_unpack(_EVENT, data[: len(data) // _EVENT_BYTES * _EVENT_BYTES])}
