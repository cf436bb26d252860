"""A file as it was read, and whether it is still that: what an edit may replace, and has to find unchanged."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.lease import has_writer
from confkit.core.storage.locate import VARIABLE
from confkit.core.storage.reader import (
    MAX_CONFIGURATION,
    explained_reading,
    open_name,
    read_at_most,
)
from confkit.core.storage.walk import close, reached, refuse_foreign_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.storage.walk import Place

    Identity = tuple[int, int, int, int, int]

_RECENT_SECONDS = 1.0
_PAUSE_SECONDS = 0.02
_SETTLE_SECONDS = 3.0
_ADVICE = {
    errno.ENOENT: f"there is no such file. Name one that exists with -c, or set {VARIABLE} to its directory.",
    errno.ENOTDIR: f"a part of the path is not a directory. Name a file with -c, or set {VARIABLE} to its directory.",
}


class Snapshot(NamedTuple):
    """A file as it was read. The directory in `place` is open as long as the block that yielded it."""

    place: Place
    data: bytes
    identity: Identity  # st_dev, st_ino, st_size, st_mtime_ns, st_ctime_ns, taken before the first byte was read


def read_configuration(path: str) -> bytes:
    """Return the content of a configuration file, through symbolic links; nothing but a regular file is read.

    Raises FileError: no such file, dangling or circular link, no permission, a directory, FIFO, socket or device, more
    than 64 MiB.
    """
    with explained_reading(path, _ADVICE):
        descriptor = open_name(path, path, None, follow=True)
        try:
            return read_at_most(descriptor, MAX_CONFIGURATION, path)
        finally:
            close(descriptor)


@contextlib.contextmanager
def opened(path: str) -> Iterator[Snapshot]:
    """Yield the file at `path` as it is now, for a file that is made like it. FileError as above."""
    with contextlib.ExitStack() as stack:
        with explained_reading(path, _ADVICE):
            snapshot = take(stack.enter_context(reached(path)))
        yield snapshot


def take(place: Place) -> Snapshot:
    """Return the file at a place as it is now. FileError as for `read_configuration`."""
    return _taken(place)[0]


def settled(place: Place) -> Snapshot:
    """Return the file at a place when nobody is writing it any more, as far as can be seen.

    Editors and scripts truncate a file first and write it then. So one that was modified within the last second is read
    until two readings agree, and one that a process has open for writing until it is closed. Raises FileError after
    three seconds of that, and as for `read_configuration`.
    """
    snapshot, written = _taken(place)
    deadline = time.monotonic() + _SETTLE_SECONDS
    agree = time.time() - snapshot.identity[3] / 1e9 >= _RECENT_SECONDS
    while written or not agree:
        if time.monotonic() > deadline:
            raise FileError(
                "another program is writing the file, or has it open for writing (fuser -v shows which). Run this "
                "again when that is done, or edit it all the same with --force. Nothing was changed.",
                path=place.path,
            )
        time.sleep(_PAUSE_SECONDS)
        again, written = _taken(place)
        agree = again == snapshot
        snapshot = again
    return snapshot


def _taken(place: Place) -> tuple[Snapshot, bool]:
    """Return the file as it is now, and whether somebody has it open for writing."""
    with explained_reading(place.path, _ADVICE):
        descriptor = open_name(place.name, place.path, place.directory)
        try:
            status = os.fstat(descriptor)
            data = read_at_most(descriptor, MAX_CONFIGURATION, place.path)
            return Snapshot(place, data, identity(status)), has_writer(descriptor)
        finally:
            close(descriptor)


def identity(status: os.stat_result) -> Identity:
    """Return what tells that a file is another one, or was written."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@contextlib.contextmanager
def reopened(snapshot: Snapshot) -> Iterator[int]:
    """Open the file again; FileError unless it is the one that was read, byte for byte.

    The bytes count too: two writes within one tick of the file system's clock can leave size and times equal.
    """
    place = snapshot.place
    try:
        descriptor = open_name(place.name, place.path, place.directory)
    except (OSError, FileError) as error:
        raise modified(snapshot) from error
    try:
        same = identity(os.fstat(descriptor)) == snapshot.identity
        if not same or read_at_most(descriptor, MAX_CONFIGURATION, place.path) != snapshot.data:
            raise modified(snapshot)
        yield descriptor
    finally:
        close(descriptor)


def check_name(snapshot: Snapshot) -> None:
    """Raise FileError unless the name still stands for the file that was read; checked again before the rename."""
    try:
        status = os.stat(snapshot.place.name, dir_fd=snapshot.place.directory, follow_symlinks=False)
    except FileNotFoundError as error:
        raise modified(snapshot) from error
    if identity(status) != snapshot.identity:
        raise modified(snapshot)


def check_links(snapshot: Snapshot, file: int) -> None:
    """Raise FileError where somebody's link led to the open file, see `refuse_foreign_links`."""
    refuse_foreign_links(snapshot.place, os.fstat(file).st_uid)


def modified(snapshot: Snapshot) -> FileError:
    """Return the error that says that the file is not what was read."""
    return FileError(
        "the file was modified, moved or removed since it was read. Run this again. Nothing was changed.",
        path=snapshot.place.path,
    )
