"""The one way in which confkit reads a file: a regular file, and never more than a limit.

Whatever its size is said to be, at most one byte more than the limit is read: a file below /proc has size 0 and no end,
a sparse one terabytes on no disk. A FIFO, a socket or a device is not waited for. Reading works on every platform.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.walk import close, reached, refuse_foreign_links

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

    Links = Literal["follow", "trusted", "none"]

# In bytes. The longest real configuration has some 300 lines; the limits are for what is hostile or mistaken.
MAX_CONFIGURATION = 64 << 20
MAX_MANIFEST = 64 << 20
MAX_BASELINE = 16 << 20
MAX_CERTIFICATE = 1 << 20
MAX_SETTINGS = 64 << 10
MAX_SHARED_SETTINGS = 1 << 20  # of a pyproject.toml that turns out to have nothing for us
MAX_WEB_CONFIGURATION = 64 << 10
MAX_CHANGES = 1 << 20

_CHUNK = 1 << 16
_LEASE_SECONDS = 5.0
_POLL_SECONDS = 0.005
_ADVICE = {
    errno.ENOENT: "there is no such file. Name one that exists.",
    errno.ENOTDIR: "a part of the path is not a directory. Name a file that exists.",
    errno.EACCES: "there is no permission to read the file. Run this as its owner or as root.",
    errno.ELOOP: "the symbolic links lead in a circle. Make the link point at the real file.",
}


def read_bounded(
    path: str,
    limit: int,
    *,
    links: Links = "follow",
    directory: int | None = None,
) -> bytes:
    """Return the content of the regular file `path`, which has at most `limit` bytes.

    `links` says whether symbolic links are followed: all of them; only "trusted" ones, which belong to root, to this
    user or to the owner of the file; or "none", where the last component is not to be one. With `directory`, an open
    descriptor, `path` is looked up in it; messages show `path` all the same.

    Raises FileError: no such file, no permission, not a regular file, more than `limit` bytes, a link that is refused.
    """
    with open_regular(path, links=links, directory=directory) as descriptor, explained_reading(path):
        return read_at_most(descriptor, limit, path)


def read_start(path: str, count: int) -> bytes:
    """Return the first `count` bytes of the regular file `path`, or all where it is shorter. Errors as above."""
    with open_regular(path) as descriptor, explained_reading(path):
        return os.read(descriptor, count)


@contextlib.contextmanager
def open_regular(path: str, *, links: Links = "follow", directory: int | None = None) -> Iterator[int]:
    """Yield a descriptor of the regular file `path`, at its start; `links`, `directory` and errors as above."""
    with contextlib.ExitStack() as stack:
        with explained_reading(path):
            if links == "trusted":
                place = stack.enter_context(reached(path))
                descriptor = open_name(place.name, path, place.directory)
                stack.callback(close, descriptor)
                if place.links:
                    refuse_foreign_links(place, os.fstat(descriptor).st_uid)
            else:
                descriptor = open_name(path, path, directory, follow=links != "none")
                stack.callback(close, descriptor)
        yield descriptor


def open_name(name: str, path: str, directory: int | None, *, follow: bool = False) -> int:
    """Return a descriptor of the regular file `name`, which messages call `path`. Raises FileError or OSError."""
    # O_NONBLOCK: opening a FIFO must not wait for a writer. Windows has none of the first three, and it alone O_BINARY.
    flags = os.O_RDONLY
    for each in ("O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "O_BINARY"):
        if each != "O_NOFOLLOW" or not follow:
            flags |= getattr(os, each, 0)
    try:
        if not stat.S_ISREG(mode := os.stat(name, dir_fd=directory, follow_symlinks=follow).st_mode):
            if stat.S_ISLNK(mode):
                raise FileError("this is a symbolic link. Name the file that it leads to.", path=path)
            raise _not_regular(path, mode)  # without opening it: a device may do something then
        descriptor = open_leased(name, flags, directory)
    except OSError as error:
        if error.errno == errno.ENXIO:  # what open(2) says of a socket
            raise _not_regular(path, stat.S_IFSOCK) from error
        if error.errno == errno.ELOOP and not follow:
            raise FileError("this is a symbolic link. Name the file that it leads to.", path=path) from error
        raise
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    close(descriptor)
    raise _not_regular(path, mode)


def open_leased(name: str, flags: int, directory: int | None) -> int:
    """Open a file. Where somebody holds a lease on it, O_NONBLOCK has it refused until that is given back. OSError."""
    deadline = time.monotonic() + _LEASE_SECONDS
    while True:
        try:
            return os.open(name, flags, dir_fd=directory)
        except BlockingIOError:  # noqa: PERF203 - waiting is what it is for
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)


def read_at_most(descriptor: int, limit: int, path: str) -> bytes:
    """Return what is left to read from an open file. FileError where that is more than `limit` bytes, or OSError."""
    chunks, left = [], limit + 1
    while left and (chunk := os.read(descriptor, min(_CHUNK, left))):
        chunks.append(chunk)
        left -= len(chunk)
    if not left:
        raise FileError(f"it has more than {size(limit)}. Name another file: this is not what it should be.", path=path)
    return b"".join(chunks)


def size(count: int) -> str:
    """Return a number of bytes as people write it."""
    return next(
        (f"{count >> shift} {unit}" for shift, unit in ((20, "MiB"), (10, "KiB")) if count >> shift), f"{count} bytes"
    )


@contextlib.contextmanager
def explained_reading(path: str, advice: Mapping[int, str] | None = None) -> Iterator[None]:
    """Turn an OSError of a file that is read into a FileError about `path` that says what to do.

    `advice` is by the number of the error; what it does not have is as everywhere.
    """
    try:
        yield
    except ValueError as error:  # a NUL byte, or a surrogate that stands for no byte
        raise FileError("no file can have this name. Name another.", path=path) from error
    except OSError as error:
        if error.errno == errno.ENOENT and os.path.islink(path):
            target = os.path.realpath(path)
            raise FileError(
                f"the link leads to {target}, which does not exist. Create that file, or fix the link.", path=path
            ) from error
        number = error.errno or 0
        general = _ADVICE.get(number, f"it cannot be read ({error.strerror}). Fix this and try again.")
        raise FileError((advice or {}).get(number, general), path=path) from error


def _not_regular(path: str, mode: int) -> FileError:
    if stat.S_ISDIR(mode):
        return FileError("this is a directory. Name the file in it.", path=path)
    return FileError("this is a FIFO, a socket or a device. Name a regular file.", path=path)
