"""The journal of an in-place edit: the old and the new content, on the disk before the first byte of the file changes.

It is called .NAME.confkit-journal and lies beside the file. Where nothing can be put there, as in a container of which
this file alone is writable, it goes to the state folder of the user. It is readable by its owner alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.atomic import Place, close, explained, remove_temporary, sync_folder, temporary
from confkit.core.storage.file import read_all, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.storage.file import Snapshot

_HEADER = b"confkit journal 1"
_NO_SUCH_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG})
_WRITABLE_BY_OTHERS = 0o022


class Contents(NamedTuple):
    """What a journal holds."""

    old: bytes
    new: bytes


class Journal(NamedTuple):
    """Where a journal is: under `place.journal` in the open folder, which is at `path`."""

    place: Place
    path: str


def find_journal(path: str) -> str | None:
    """Return the path of the journal that an in-place edit of the file has left, or is keeping just now; None: no such.

    It is looked for beside the file and in the state folder of this user. Raises FileError when that cannot be done.
    """
    target = resolved(path)
    folder, name = os.path.split(target)
    for place, called in ((folder, name), (_state_folder(), _escaped(target))):
        journal = os.path.join(place, Place(-1, called, path).journal)
        with explained(path):
            if _exists(journal):
                return journal
    return None


def _exists(path: str) -> bool:
    """Whether there is anything of this name; unlike os.path.lexists, a disk that fails is no proof of absence."""
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno in _NO_SUCH_FILE:
            return False
        raise
    return True


@contextlib.contextmanager
def journal_place(place: Place, snapshot: Snapshot) -> Iterator[Journal]:
    """Yield where the journal goes: beside the file, or into the state folder where nothing can be put beside it."""
    if os.access(os.curdir, os.W_OK | os.X_OK, dir_fd=place.folder):
        yield Journal(place, os.path.join(os.path.dirname(snapshot.target), place.journal))
        return
    descriptor = _open_state_folder(place.shown)
    try:
        state = Place(descriptor, _escaped(snapshot.target), place.shown)
        remove_temporary(state)
        yield Journal(state, os.path.join(_state_folder(), state.journal))
    finally:
        close(descriptor)


def _open_state_folder(shown: str) -> int:
    state = _state_folder()
    try:
        os.makedirs(state, 0o700, exist_ok=True)
        descriptor = os.open(state, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _no_place(shown, f"{state} cannot be used ({error.strerror})") from error
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid() or status.st_mode & _WRITABLE_BY_OTHERS:
        close(descriptor)
        raise _no_place(shown, f"{state} belongs to others, or others can write in it")
    return descriptor


def _no_place(shown: str, reason: str) -> FileError:
    return FileError(
        f"there is no place for the journal: the folder of the file cannot be written, and {reason}. "
        "Set XDG_STATE_HOME to a folder of your own. Nothing was changed.",
        path=shown,
    )


def _state_folder() -> str:
    """Return where this user's programs keep their state (XDG Base Directory Specification 0.8)."""
    given = os.environ.get("XDG_STATE_HOME", "")
    # the specification has a relative path ignored
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser("~/.local/state"), "confkit")


def _escaped(target: str) -> str:
    """Return a file name that only this path has, and that a person can read."""
    return target.replace("%", "%25").replace("/", "%2F")


def put_journal(place: Place, contents: Contents) -> None:
    """Make the journal durable; it has its name only when it is whole. Raises OSError, and leaves none then."""
    header = b"%s %d %d\n" % (_HEADER, len(contents.old), len(contents.new))
    with temporary(place, header + contents.old + contents.new, None):
        os.rename(place.temporary, place.journal, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    try:
        sync_folder(place)
    except OSError:
        remove_journal(place)
        raise


def remove_journal(place: Place) -> None:
    """Remove the journal of a file that holds the old content; where it stays, the next edit removes it."""
    with contextlib.suppress(OSError):
        os.unlink(place.journal, dir_fd=place.folder)


def read_journal(place: Place, shown: str, owner: int) -> Contents:
    """Return what the journal `place.name`, called `shown`, holds; `owner` is the uid of the file it belongs to.

    Raises FileError unless it is one, and was written by that owner, by root or by this user: somebody else may be
    allowed to put a file into the folder, but not to have it written over this one.
    """
    try:
        descriptor = os.open(place.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place.folder)
    except OSError as error:
        raise _not_trusted(place, shown, error.strerror or "") from error
    try:
        status = os.fstat(descriptor)
        trusted = {0, os.geteuid(), owner}
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_uid not in trusted:
            raise _not_trusted(place, shown, f"it is no plain file, or uid {status.st_uid} has put it there")
        head, _, contents = read_all(descriptor).partition(b"\n")
    finally:
        close(descriptor)
    form, *lengths = head.rsplit(b" ", 2)
    if form == _HEADER and len(lengths) == 2 and all(length.isdigit() for length in lengths):
        old, new = map(int, lengths)
        if len(contents) == old + new:
            return Contents(contents[:old], contents[old:])
    raise _not_trusted(place, shown, "confkit did not write it")


def _not_trusted(place: Place, shown: str, reason: str) -> FileError:
    return FileError(
        f"{shown} looks like the journal of an in-place edit that was interrupted, but cannot be used ({reason}). "
        "Look at both files as the owner or as root, and remove it. Nothing was changed.",
        path=place.shown,
    )
