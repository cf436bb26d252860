"""Write on in a file that an earlier run of the same command wrote, and in nothing else."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.atomic import replace
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.snapshot import take
from confkit.core.storage.walk import close, reached, refuse_foreign_links

if TYPE_CHECKING:
    from typing import Callable

    from confkit.core.storage.walk import Place

_BEGINNING = 4096  # bytes
_APPEND = os.O_RDWR | os.O_APPEND
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # Windows has the last alone, and needs it
    _APPEND |= getattr(os, _flag, 0)


def replace_earlier(path: str, new: bytes, refuse_other: Callable[[bytes], None]) -> None:
    """Replace the whole file by `new`; `refuse_other` gets the old content, and raises where it is something else.

    FileError as for `edit_lock`, `take` and `replace`: the old file is whole then.
    """
    with edit_lock(path) as place:
        snapshot = take(place)
        refuse_other(snapshot.data)
        replace(snapshot, new, backup=False)


def open_to_append(path: str, refuse_other: Callable[[bytes], None]) -> int:
    """Return a descriptor that appends to the file, or to a new one of the user's umask.

    `refuse_other` gets the beginning of a file that is there, and raises where it is something else. FileError where it
    is no regular file, or somebody's link led to it (see `refuse_foreign_links`); OSError for the rest.
    """
    with reached(path) as place:
        descriptor = _append(place)
        try:
            _check(descriptor, place, refuse_other)
        except BaseException:
            close(descriptor)
            raise
        return descriptor


def _check(descriptor: int, place: Place, refuse_other: Callable[[bytes], None]) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise FileError("this is a FIFO, a socket or a device. Name a regular file.", path=place.path)
    refuse_foreign_links(place, status.st_uid)
    refuse_other(os.read(descriptor, _BEGINNING))


def _append(place: Place) -> int:
    try:
        return os.open(place.name, _APPEND, dir_fd=place.directory)
    except FileNotFoundError:
        if place.links:  # on Windows there are none, and no descriptor
            refuse_foreign_links(place, os.fstat(place.directory).st_uid)
        return os.open(place.name, _APPEND | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=place.directory)
