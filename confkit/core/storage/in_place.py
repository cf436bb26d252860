"""Write into the file itself, where it cannot be replaced: it is a mount point, or has several hard links.

This is for those who ask for it: a program that reads at that moment can see half of the new content, which
`confkit.core.storage.file.replace` never lets happen. Before the first byte changes, a journal has the old content
(`confkit.core.storage.journal`). A crash leaves the journal, and the next edit puts the old content back (`recover`).
"""

from __future__ import annotations

import contextlib
import os
from itertools import zip_longest
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.atomic import (
    Place,
    back_up,
    close,
    explained,
    open_folder,
    refuse_journal,
    sync_folder,
)
from confkit.core.storage.file import changed, check_links, check_name, lock, read_all, resolved
from confkit.core.storage.journal import (
    Contents,
    find_journal,
    journal_place,
    put_journal,
    read_journal,
    remove_journal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.storage.file import Snapshot
    from confkit.core.storage.journal import Journal

_UNDONE = "an in-place edit of the file had been interrupted"


def write(snapshot: Snapshot, new: bytes, *, backup: bool) -> str | None:
    """Write `new` into the file that `snapshot` was read from; to be called with its `edit_lock` held.

    Inode, owner, mode, ACL and extended attributes stay, and so does every hard link. Equal bytes: nothing is written.
    `backup` and the result are as for `file.replace`. When writing fails the old content is put back.

    Raises FileError: somebody changed the file since it was read; it may not be written; it was removed where it is
    mounted from; there is no place for the journal; the disk refuses. The message says what the file holds then.
    """
    if new == snapshot.data:
        return None
    folder, name = os.path.split(snapshot.target)
    with contextlib.ExitStack() as stack:
        stack.enter_context(explained(snapshot.path))
        place = Place(stack.enter_context(open_folder(folder)), name, snapshot.path)
        refuse_journal(place)
        check_name(place, snapshot)
        file = stack.enter_context(_open_to_write(place))
        _need_unchanged(place, file, snapshot)
        check_links(snapshot, file)
        saved = back_up(place, snapshot.data, file) if backup else None
        _exchange(file, Contents(snapshot.data, new), stack.enter_context(journal_place(place, snapshot)))
    return saved and os.path.join(folder, saved)


def recover(path: str) -> str | None:
    """Put back the old content after an in-place edit that was interrupted; return a sentence that says what was done.

    To be called with the `edit_lock` held; None: there was nothing to do. Raises FileError, with nothing changed, when
    the journal is not to be trusted, when the file holds neither the old nor the new content nor a mixture of the two,
    or when the disk refuses.
    """
    journal = find_journal(path)
    if journal is None:
        return None
    folder, name = os.path.split(resolved(path))
    kept_in, kept_as = os.path.split(journal)
    with explained(path), open_folder(folder) as descriptor, open_folder(kept_in) as state:
        with _open_to_write(Place(descriptor, name, path)) as file:
            contents = read_journal(Place(state, kept_as, path), journal, os.fstat(file).st_uid)
            done = _undo(file, contents, journal, path)
            os.fsync(file)  # the journal goes when the disk has what the file shows, and not before
        os.unlink(kept_as, dir_fd=state)
        sync_folder(Place(state, kept_as, path))
    return done


@contextlib.contextmanager
def _open_to_write(place: Place) -> Iterator[int]:
    """Open the file and lock it: its other hard links may lie in folders that are locked apart."""
    try:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        descriptor = os.open(place.name, flags, dir_fd=place.folder)
    except PermissionError as error:
        raise FileError(
            f"the file cannot be written ({error.strerror}). Run this as its owner or as root, and look with lsattr "
            "whether it is immutable. Nothing was changed.",
            path=place.shown,
        ) from error
    try:
        lock(descriptor, "the file", place.shown)
        yield descriptor
    finally:
        close(descriptor)


def _need_unchanged(place: Place, file: int, snapshot: Snapshot) -> None:
    """Raise FileError unless the open file is the one that was read, and is still there for others.

    Its inode is compared with that of the name, and not with the one that was read: to open a file of a lower layer of
    an overlay for writing copies it to the upper layer.
    """
    status = os.fstat(file)
    if not status.st_nlink:
        raise FileError(
            "the file was replaced or removed where it is mounted from, and nobody else would see this edit. Mount it "
            "again (restart the container). Nothing was changed.",
            path=place.shown,
        )
    now = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    same = os.path.samestat(status, now) and (status.st_size, status.st_mtime_ns) == snapshot.identity[2:4]
    if not same or read_all(file) != snapshot.data:
        raise changed(snapshot)


def _exchange(file: int, contents: Contents, journal: Journal) -> None:
    """Write the new content into the open file, with the journal kept until that is done. Raises OSError."""
    put_journal(journal.place, contents)
    first = _first_difference(contents)
    try:
        _overwrite(file, contents.new, first)
    except BaseException:  # an interrupt from the keyboard too
        _put_back(file, contents.old, first, journal)
        raise
    try:
        os.unlink(journal.place.journal, dir_fd=journal.place.folder)
        sync_folder(journal.place)
    except OSError as error:
        raise FileError(
            f"the new content is in place, but its journal {journal.path} may still be there ({error.strerror}). Mend "
            "that and run this again, which removes the journal.",
            path=journal.place.shown,
        ) from error


def _first_difference(contents: Contents) -> int:
    """Return how many bytes in front are equal: they are not written, so that less can be seen half."""
    pairs = enumerate(zip(*contents))  # strict is not known to Python 3.8; the longer one goes on anyway
    return next((position for position, (old, new) in pairs if old != new), min(map(len, contents)))


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
            f"content. {journal.path} keeps the old one. Mend the disk and run this again, which puts it back.",
            path=journal.place.shown,
        ) from error
    remove_journal(journal.place)


def _undo(file: int, contents: Contents, journal: str, path: str) -> str:
    """Let the open file hold the old content again; return a sentence that says what was done."""
    now = read_all(file)
    if now == contents.new:
        return f"{_UNDONE} after its last byte; the new content is in place"
    if now == contents.old:
        return f"{_UNDONE} before its first byte; the old content is in place"
    if not _mixed(now, contents):
        raise FileError(
            f"{_UNDONE}, and then somebody else changed the file. {journal} has the old and the new content behind its "
            "first line. Compare them with the file, and remove the journal. Nothing was changed.",
            path=path,
        )
    _overwrite(file, contents.old, _first_difference(contents))
    return f"{_UNDONE} half way; the old content was put back"


def _mixed(now: bytes, contents: Contents) -> bool:
    """Whether each byte is that of the old or of the new content.

    That is what a crash can leave, whichever blocks reached the disk. Zeros stand for what is behind an end: a file
    that has grown can hold them where nothing was written yet.
    """
    return all(byte in either for byte, *either in zip_longest(now, *contents, fillvalue=0))
