"""Write into the file itself, where it cannot be replaced: it is a mount point, or has several hard links.

This is for those who ask for it: a program that reads at that moment can see half of the new content, which
`confkit.core.storage.atomic.replace` never lets happen. Before the first byte changes, a journal has the old content
(`confkit.core.storage.journal`). A crash leaves the journal, and the next edit puts the old content back (`recover`).
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import back_up, remove, sync_directory
from confkit.core.storage.journal import (
    Contents,
    journal_exists,
    journal_place,
    open_journal,
    put_journal,
    remove_journal,
)
from confkit.core.storage.lease import alone
from confkit.core.storage.lock import Waiting, lock
from confkit.core.storage.reader import MAX_CONFIGURATION, open_leased, read_at_most
from confkit.core.storage.snapshot import check_links, check_name, modified
from confkit.core.storage.walk import close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.storage.journal import Journal, Kept
    from confkit.core.storage.snapshot import Snapshot
    from confkit.core.storage.walk import Place

_UNDONE = "an in-place edit of the file had been interrupted"
_SECTOR = 512  # what a disk writes whole or not at all; the kernel copies pages, which are several of these
_LATER_NS = 10 * 10**9
_DEFAULT = Waiting()


def write(snapshot: Snapshot, new: bytes, *, backup: bool, waiting: Waiting = _DEFAULT) -> str | None:
    """Write `new` into the file that `snapshot` was taken of; to be called with its `edit_lock` held.

    Inode, owner, mode, ACL and extended attributes stay, and so does every hard link. Equal bytes: nothing is written.
    `backup` and the result are as for `atomic.replace`. When writing fails the old content is put back. Where the
    system can do it, nobody else opens the file while it is written (`confkit.core.storage.lease`).

    Raises FileError: the file was modified since it was read; it may not be written; it was removed where it is
    mounted from; there is no place for the journal; the disk refuses. The message says what the file holds then.
    """
    if new == snapshot.data:
        return None
    place = snapshot.place
    with contextlib.ExitStack() as stack:
        stack.enter_context(explained(place.path))
        check_name(snapshot)
        file = stack.enter_context(_open_to_write(place, waiting))
        _need_unchanged(file, snapshot)
        check_links(snapshot, file)
        journal = stack.enter_context(journal_place(place))
        saved = back_up(place, snapshot.data, file) if backup else None
        try:
            _exchange(file, snapshot, new, journal)
        except BaseException:
            with contextlib.suppress(OSError):  # where it cannot be told what the file holds, the backup stays
                if saved is not None and not journal_exists(journal) and not _holds(file, new, place.path):
                    remove(place, saved)
            raise
    return saved and os.path.join(os.path.dirname(place.target), saved)


def recover(place: Place, journal: str, waiting: Waiting = _DEFAULT) -> str:
    """Put back the old content after an in-place edit that was interrupted; return a sentence that says what was done.

    `journal` is its path; to be called with the `edit_lock` held. Raises FileError, with nothing changed, when the
    journal is not to be trusted, when the file was modified after the crash, or when the disk refuses.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(explained(place.path))
        file = stack.enter_context(_open_to_write(place, waiting))
        kept, at = stack.enter_context(open_journal(journal, place, os.fstat(file).st_uid))
        done = _undo(file, kept, journal, place.path)
        os.fsync(file)  # the journal goes when the disk has what the file shows, and not before
        os.unlink(at.name, dir_fd=at.directory)
        sync_directory(at)
    return done


@contextlib.contextmanager
def _open_to_write(place: Place, waiting: Waiting) -> Iterator[int]:
    """Open the file and lock it: its other hard links may lie in directories that are locked apart."""
    try:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        descriptor = open_leased(place.name, flags, place.directory)
    except PermissionError as error:
        raise FileError(
            f"the file cannot be written ({error.strerror}). Run this as its owner or as root, and check with lsattr "
            "whether it is immutable or append-only. Nothing was changed.",
            path=place.path,
        ) from error
    try:
        lock(descriptor, "the file", place.path, waiting)
        yield descriptor
    finally:
        close(descriptor)


def _need_unchanged(file: int, snapshot: Snapshot) -> None:
    """Raise FileError unless the open file is the one that was read, and is still there for others.

    Its inode is compared with that of the name, and not with the one that was read: to open a file of a lower layer of
    an overlay for writing copies it to the upper layer.
    """
    place = snapshot.place
    status = os.fstat(file)
    if not status.st_nlink:
        raise FileError(
            "the file was replaced or removed where it is mounted from, and nobody else would see this edit. Mount it "
            "again (restart the container). Nothing was changed.",
            path=place.path,
        )
    now = os.stat(place.name, dir_fd=place.directory, follow_symlinks=False)
    same = os.path.samestat(status, now) and (status.st_size, status.st_mtime_ns) == snapshot.identity[2:4]
    if not same or not _holds(file, snapshot.data, snapshot.place.path):
        raise modified(snapshot)


def _holds(file: int, data: bytes, path: str) -> bool:
    """Return whether the open file has this content."""
    os.lseek(file, 0, os.SEEK_SET)
    return os.fstat(file).st_size == len(data) and read_at_most(file, MAX_CONFIGURATION, path) == data


def _exchange(file: int, snapshot: Snapshot, new: bytes, journal: Journal) -> None:
    """Write the new content into the open file, with the journal kept until that is done. FileError or OSError."""
    contents = Contents(snapshot.data, new, os.fstat(file).st_ino)
    put_journal(journal.place, contents)
    first = _first_difference(contents)
    with alone(file):
        # syncing the journal took its time: what somebody wrote meanwhile must not be written over
        if not _holds(file, snapshot.data, snapshot.place.path):
            remove_journal(journal.place)
            raise modified(snapshot)
        try:
            _overwrite(file, contents.new, first)
        except BaseException:  # an interrupt from the keyboard too
            _put_back(file, contents.old, first, journal)
            raise
    try:
        os.unlink(journal.place.journal, dir_fd=journal.place.directory)
        sync_directory(journal.place)
    except OSError as error:
        raise FileError(
            f"the new content is in place, but its journal {journal.path} may still be there ({error.strerror}). Fix "
            "this and run it again, which removes the journal.",
            path=journal.place.path,
        ) from error


def _first_difference(contents: Contents) -> int:
    """Return how many bytes in front are equal: they are not written, so that less can be seen half."""
    both = contents[:2]
    pairs = enumerate(zip(*both))  # strict is not known to Python 3.8; the longer one goes on anyway
    return next((position for position, (old, new) in pairs if old != new), min(map(len, both)))


def _overwrite(file: int, data: bytes, first: int) -> None:
    """Write `data` from its byte `first` on into the open file, which then ends where `data` ends. Raises OSError."""
    rest = memoryview(data)[first:]
    while rest:
        rest = rest[os.pwrite(file, rest, len(data) - len(rest)) :]
    os.ftruncate(file, len(data))
    os.fsync(file)


def _put_back(file: int, old: bytes, first: int, journal: Journal) -> None:
    """Undo `_overwrite` after it failed, and remove the journal. Raises FileError when that fails too."""
    try:
        _overwrite(file, old, first)
    except OSError as error:
        raise FileError(
            f"the file cannot be written, nor its old content put back ({error.strerror}): it may hold half of the new "
            f"content. {journal.path} keeps the old one. Repair the disk and run this again, which puts it back.",
            path=journal.place.path,
        ) from error
    remove_journal(journal.place)


def _undo(file: int, kept: Kept, journal: str, path: str) -> str:
    """Let the open file hold the old content again; return a sentence that says what was done."""
    contents = kept.contents
    now = read_at_most(file, MAX_CONFIGURATION, path)
    if now == contents.new:
        return f"{_UNDONE} after its last byte; the new content is in place"
    if now == contents.old:
        return f"{_UNDONE} before its first byte; the old content is in place"
    status = os.fstat(file)
    later = status.st_ino != contents.inode or status.st_mtime_ns > kept.written_ns + _LATER_NS
    if later or not mixed(now, contents):
        raise FileError(
            f"{_UNDONE}, and then somebody else modified the file. {journal} has the old and the new content behind "
            "its first line. Compare them with the file, and remove the journal. Nothing was changed.",
            path=path,
        )
    _overwrite(file, contents.old, _first_difference(contents))
    return f"{_UNDONE} half way; the old content was put back"


def mixed(now: bytes, contents: Contents) -> bool:
    """Return whether a crash can have left this: each sector holds one of the contents, whichever reached the disk.

    Where one content is shorter, the end of the longer one can stand behind it, or zeros where nothing was written yet.
    Within a sector nothing is mixed: a value that has digits of both contents is what somebody wrote on purpose.
    """
    old, new = contents[:2]
    size, (shorter, longer) = len(now), sorted((len(old), len(new)))
    if size not in {shorter, longer} and (size % _SECTOR or not shorter < size < longer):
        return False
    whole = [each.ljust(size, b"\0") for each in (old, new, new + old[len(new) :], old + new[len(old) :])]
    return all(
        any(now[start : start + _SECTOR] == each[start : min(start + _SECTOR, size)] for each in whole)
        for start in range(0, size, _SECTOR)
    )
