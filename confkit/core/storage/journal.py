"""The journal of an in-place edit: the old and the new content, on the disk before the first byte of the file changes.

It is called .NAME.confkit-journal and lies beside the file. Where nothing can be put there, as in a container of which
this file alone is writable, it goes to the state directory of the user. It is readable by its owner alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import remove, remove_temporary, sync_directory, temporary
from confkit.core.storage.reader import MAX_CONFIGURATION, explained_reading, read_at_most
from confkit.core.storage.walk import Place, close, reached

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = b"confkit journal 2"
_MAX_BYTES = 2 * MAX_CONFIGURATION + 256
_NO_SUCH_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG})
_WRITABLE_BY_OTHERS = 0o022


class Contents(NamedTuple):
    """What a journal holds: the two contents, and the inode of the file that they belong to."""

    old: bytes
    new: bytes
    inode: int


class Kept(NamedTuple):
    """A journal that was read: its contents, and when it was written, in nanoseconds."""

    contents: Contents
    written_ns: int


class Journal(NamedTuple):
    """Where a journal is: under `place.journal` in the open directory, which is at `path`."""

    place: Place
    path: str


def find_journal(path: str) -> str | None:
    """Return the path of the journal that an in-place edit of the file has left, or is keeping just now; None: no such.

    It is looked for beside the file and in the state directory of this user. Raises FileError when that cannot be done.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return None  # Windows, where nothing is edited
    with explained_reading(path), reached(path) as place:
        return journal_of(place)


def journal_of(place: Place) -> str | None:
    """Return the path of the journal of the file at a place, as above. Raises OSError."""
    if _exists(place.journal, place.directory):
        return os.path.join(os.path.dirname(place.target), place.journal)
    inside = os.path.join(_state_directory(), place._replace(name=_escaped(place.target)).journal)
    return inside if _exists(inside, None) else None


def _exists(path: str, directory: int | None) -> bool:
    """Whether there is anything of this name; unlike os.path.lexists, a disk that fails does not prove absence."""
    try:
        os.lstat(path, dir_fd=directory)
    except OSError as error:
        if error.errno in _NO_SUCH_FILE:
            return False
        raise
    return True


@contextlib.contextmanager
def journal_place(place: Place) -> Iterator[Journal]:
    """Yield where the journal goes: beside the file, or into the state directory where nothing can be put beside it."""
    if os.access(os.curdir, os.W_OK | os.X_OK, dir_fd=place.directory):
        yield Journal(place, os.path.join(os.path.dirname(place.target), place.journal))
        return
    descriptor = _open_state_directory(place.path)
    try:
        state = place._replace(directory=descriptor, name=_escaped(place.target))
        remove_temporary(state)
        yield Journal(state, os.path.join(_state_directory(), state.journal))
    finally:
        close(descriptor)


def _open_state_directory(path: str) -> int:
    state = _state_directory()
    try:
        os.makedirs(state, 0o700, exist_ok=True)
        descriptor = os.open(state, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _no_place(path, f"{state} cannot be used ({error.strerror})") from error
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid() or status.st_mode & _WRITABLE_BY_OTHERS:
        close(descriptor)
        raise _no_place(path, f"{state} belongs to others, or others can write in it")
    return descriptor


def _no_place(path: str, reason: str) -> FileError:
    return FileError(
        f"there is no place for the journal: the directory of the file cannot be written, and {reason}. "
        "Set XDG_STATE_HOME to a directory of your own. Nothing was changed.",
        path=path,
    )


def _state_directory() -> str:
    """Return where this user's programs keep their state (XDG Base Directory Specification 0.8)."""
    given = os.environ.get("XDG_STATE_HOME", "")
    # the specification has a relative path ignored
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser("~/.local/state"), "confkit")


def _escaped(target: str) -> str:
    """Return a file name that only this path has, and that a person can read."""
    return target.replace("%", "%25").replace("/", "%2F")


def put_journal(place: Place, contents: Contents) -> None:
    """Make the journal durable; it has its name only when it is whole. Raises OSError, and leaves none then."""
    header = b"%s %d %d %d\n" % (_HEADER, contents.inode, len(contents.old), len(contents.new))
    with temporary(place, header + contents.old + contents.new):
        os.rename(place.temporary, place.journal, src_dir_fd=place.directory, dst_dir_fd=place.directory)
    try:
        sync_directory(place)
    except OSError:
        remove_journal(place)
        raise


def journal_exists(journal: Journal) -> bool:
    """Return whether there is a journal at this place. Raises OSError."""
    return _exists(journal.place.journal, journal.place.directory)


def remove_journal(place: Place) -> None:
    """Remove the journal of a file that holds the old content; where it stays, the next edit removes it."""
    remove(place, place.journal)


@contextlib.contextmanager
def open_journal(path: str, place: Place, owner: int) -> Iterator[tuple[Kept, Place]]:
    """Yield what the journal at `path` holds, and its own place; it is that of the file at `place`, which has `owner`.

    Raises FileError unless it is one, and was written by that owner, by root or by this user: somebody else may be
    allowed to put a file into the directory, but not to have it written over this one.
    """
    directory, name = os.path.split(path)
    if name == place.journal and directory == os.path.dirname(place.target):
        at = place._replace(name=name)
        yield _read_journal(at, path, owner), at
        return
    with explained(place.path):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        at = place._replace(directory=descriptor, name=name)
        yield _read_journal(at, path, owner), at
    finally:
        close(descriptor)


def _read_journal(place: Place, shown: str, owner: int) -> Kept:
    try:
        descriptor = os.open(place.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place.directory)
    except OSError as error:
        raise _not_trusted(place, shown, error.strerror or "") from error
    try:
        status = os.fstat(descriptor)
        trusted = {0, os.geteuid(), owner}
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_uid not in trusted:
            raise _not_trusted(place, shown, f"it is not a plain file, or belongs to uid {status.st_uid}")
        head, _, contents = read_at_most(descriptor, _MAX_BYTES, shown).partition(b"\n")
    finally:
        close(descriptor)
    form, *numbers = head.rsplit(b" ", 3)
    if form == _HEADER and len(numbers) == 3 and all(number.isdigit() for number in numbers):
        inode, old, new = map(int, numbers)
        if len(contents) == old + new:
            return Kept(Contents(contents[:old], contents[old:], inode), status.st_mtime_ns)
    raise _not_trusted(place, shown, "confkit did not write it")


def _not_trusted(place: Place, shown: str, reason: str) -> FileError:
    return FileError(
        f"{shown} looks like the journal of an in-place edit that was interrupted, but cannot be used ({reason}). "
        "Look at both files as the owner or as root, and remove it. Nothing was changed.",
        path=place.path,
    )
