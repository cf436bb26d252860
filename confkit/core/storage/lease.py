"""Who else has a file open: asked of the kernel by a lease, which it grants only where nobody conflicts with it.

https://man7.org/linux/man-pages/man2/F_GETLEASE.2const.html: a read lease is refused while anybody has the file open
for writing, a write lease while anybody else has it open at all. Who opens the file meanwhile waits until the lease is
given back. Only the owner of a file and root can ask, and only on Linux; everywhere else nothing is known.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAIT_SECONDS = 0.05
_POLL_SECONDS = 0.002


def has_writer(descriptor: int) -> bool:
    """Return whether some process has the file open for writing; False where that cannot be known.

    `descriptor` is open for reading alone.
    """
    refused = _lease(descriptor, "F_RDLCK")
    if refused is None:
        _give_back(descriptor)
    return refused == errno.EAGAIN


@contextlib.contextmanager
def alone(descriptor: int) -> Iterator[None]:
    """Keep others from opening the file until the block ends, where nobody else has it open and the system can do it.

    Waits at most 50 ms for a program that has it open: it may never close it.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while (refused := _lease(descriptor, "F_WRLCK")) == errno.EAGAIN and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        if refused is None:
            _give_back(descriptor)


def _lease(descriptor: int, kind: str) -> int | None:
    """Take a lease; return None, or the number of the error."""
    try:
        import fcntl  # noqa: PLC0415 - absent on Windows

        # the signal that tells of somebody who waits would end the process; this one is ignored by itself
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, getattr(fcntl, kind))
    except OSError as error:
        return error.errno or errno.EINVAL
    except (AttributeError, ImportError):
        return errno.EINVAL
    return None


def _give_back(descriptor: int) -> None:
    import fcntl  # noqa: PLC0415 - absent on Windows

    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
