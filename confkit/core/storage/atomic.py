"""Put a whole file into an open directory, with the attributes of another file, or put nothing there at all.

The content is first written, given its attributes and synced under a temporary name; only then does it get its real
name, by one rename(2) or link(2). A crash before that call leaves what was there, a crash after it the whole new file.
All names are looked up through the descriptor of the directory, so that one exchanged meanwhile leads nothing astray.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import time
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.advice import explained
from confkit.core.storage.attributes import copy_attributes, copy_flags, refuse_protected
from confkit.core.storage.snapshot import check_links, check_name, reopened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.core.storage.snapshot import Snapshot
    from confkit.core.storage.walk import Place

    Inode = tuple[int, int]

_IN_PLACE = "Where the file itself can be written, --in-place does it."
_CANNOT_SYNC_DIRECTORIES = frozenset({errno.EINVAL, errno.EOPNOTSUPP})


def replace(snapshot: Snapshot, new: bytes, *, backup: bool) -> str | None:
    """Replace the file that `snapshot` was taken of by `new`; to be called with its `edit_lock` held.

    Equal bytes: nothing is written, and the time of the last change stays. Otherwise owner, mode, ACL, extended
    attributes and inode flags are kept, and so are symbolic links that lead to the file. A crash leaves the old or the
    new file, whole. With `backup` the old content is first put beside it (see `back_up`); the path of that is returned.

    Raises FileError, with the file unchanged and no backup left: it was modified since it was read; it has a second
    hard link, which would keep the old content; somebody else's link leads to it; its owner or attributes cannot be
    kept; the directory or the disk refuses. Only when the disk fails after the exchange does the message say that the
    new content is in place.
    """
    if new == snapshot.data:
        return None
    place = snapshot.place
    with explained(place.path, _IN_PLACE), reopened(snapshot) as old:
        check_links(snapshot, old)
        refuse_more_links(place, old)
        refuse_protected(old, place.directory, place.path)
        saved = back_up(place, snapshot.data, old) if backup else None
        written = None
        try:
            with temporary(place, new, like=old) as written:
                check_name(snapshot)
                rename_over(place)
        except BaseException:
            # a file system that reports a failure may yet have done the work; then the backup stays
            if saved is not None and (written is None or _inode(place, place.name) not in {written, None}):
                remove(place, saved)
            raise
        check_renamed(place, written)
        confirm(place)
    return saved and os.path.join(os.path.dirname(place.target), saved)


def create(place: Place, data: bytes, like: Snapshot | None, mode: int = 0o600) -> None:
    """Create the file at a place whose `edit_lock` is held, with the attributes of the file that `like` was taken of.

    Made by somebody who may not give a file that owner and group (see `_may_give`), it is his own with mode 0600: the
    bits spoke of another owner and group. Without `like` it has `mode`. A crash leaves no file or the whole one. Raises
    FileError: anything has that name, even a dangling link; the file behind `like` was modified since it was read; its
    attributes cannot be kept; the directory or the disk refuses.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(explained(place.path))
        old = stack.enter_context(reopened(like)) if like else None
        given = old if old is not None and _may_give(os.fstat(old), place) else None
        try:
            with temporary(place, data, like=given, mode=0o600 if like else mode):
                link_first_free(place, [place.name])
        except FileExistsError as error:
            raise FileError(
                "this exists already. Name a new file, or remove this one first.", path=place.path
            ) from error
        confirm(place)


def _may_give(status: os.stat_result, place: Place) -> bool:
    """Return whether a new file at `place` can get this owner and group from this user.

    Only root gives files away. An owner may choose among his groups; another one, as of a file that root made and gave
    him, is had only in a directory that hands it down.
    """
    user = os.geteuid()
    if user == 0:
        return True
    directory = os.fstat(place.directory)
    groups = {os.getegid(), *os.getgroups()} | ({directory.st_gid} if directory.st_mode & stat.S_ISGID else set())
    return status.st_uid == user and status.st_gid in groups


@contextlib.contextmanager
def temporary(place: Place, data: bytes, *, like: int | None = None, mode: int = 0o600) -> Iterator[Inode]:
    """Write `data`, whole and synced, under the temporary name; the block then gives it its real name.

    It gets the owner, ACL, extended attributes, inode flags and mode of the open file `like`; without, it is the
    caller's own and has `mode`. When anything fails, here or in the block, it is removed. Yields device and inode.
    Raises FileError when the attributes cannot be kept or the temporary name is taken, else OSError.
    """
    descriptor = _create(place)
    try:
        try:
            if like is not None:
                copy_flags(like, descriptor, place.path)
            _write(descriptor, data)
            if like is not None:
                copy_attributes(like, descriptor, place.path)
            elif mode != 0o600:
                os.fchmod(descriptor, mode)  # by the descriptor: another file may have the name by now
            os.fsync(descriptor)
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        yield status.st_dev, status.st_ino
    except BaseException:  # an interrupt from the keyboard too
        remove_temporary(place)
        raise


def remove_temporary(place: Place) -> None:
    """Remove the temporary file, or a link of that name; one that cannot be removed stays, and `temporary` names it."""
    remove(place, place.temporary)


def remove(place: Place, name: str) -> None:
    """Remove a name in the directory, where that is possible."""
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=place.directory)


def refuse_more_links(place: Place, old: int) -> None:
    """Raise FileError where the open file has more names than one."""
    if (links := os.fstat(old).st_nlink) > 1:
        raise FileError(
            f"the file has {links} hard links, and the other names would keep the old content. Remove them (find "
            "-samefile shows them), or write into the file with --in-place. Nothing was changed.",
            path=place.path,
        )


def rename_over(place: Place) -> None:
    """Give the temporary file the name of `place`, in the place of the file that had it. Raises OSError."""
    os.rename(place.temporary, place.name, src_dir_fd=place.directory, dst_dir_fd=place.directory)


def check_renamed(place: Place, written: Inode) -> None:
    """Raise FileError where the name does not stand for the file that was written.

    Who may write in the directory can put another one in its place, before the rename or after.
    """
    if _inode(place, place.name) not in {written, None}:
        raise FileError(
            "another program exchanged the new file at the same moment. Look at the file before you run this again.",
            path=place.path,
        )


def _inode(place: Place, name: str) -> Inode | None:
    """Return device and inode of a name, (0, 0) where there is nothing, None where that cannot be told."""
    try:
        status = os.stat(name, dir_fd=place.directory, follow_symlinks=False)
    except FileNotFoundError:
        return 0, 0
    except OSError:
        return None
    return status.st_dev, status.st_ino


def link_first_free(place: Place, names: Iterable[str]) -> str:
    """Give the temporary file the first of `names` that nothing has, and return it.

    Nothing is ever overwritten, not even a dangling link: FileExistsError when all names are taken, or OSError.
    """
    name = _link(place, names)
    remove_temporary(place)  # where that fails, the file has its name all the same, and the next run tidies up
    return name


def _link(place: Place, names: Iterable[str]) -> str:
    at = place.directory
    for name in names:
        with contextlib.suppress(FileExistsError):
            os.link(place.temporary, name, src_dir_fd=at, dst_dir_fd=at, follow_symlinks=False)
            return name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def back_up(place: Place, data: bytes, like: int) -> str:
    """Put `data` beside the file as NAME.YYYYmmddTHHMMSSZ.bak (UTC; -1, -2 ... before .bak if taken); return the name.

    It gets that name only when it is whole: a crash leaves no half backup. Raises FileError or OSError, and leaves none
    then.
    """
    stem = f"{place.name}.{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    names = (f"{stem}{f'-{number}' if number else ''}.bak" for number in itertools.count())
    with temporary(place, data, like=like):
        saved = _link(place, names)
        try:
            os.unlink(place.temporary, dir_fd=place.directory)  # the file that is written next needs the name
            sync_directory(place)
        except OSError:
            remove(place, saved)
            raise
    return saved


def confirm(place: Place) -> None:
    """Make the new name durable. Raises FileError, which says that the new content is in place, when the disk fails."""
    try:
        sync_directory(place)
    except OSError as error:
        raise FileError(
            f"the new content is in place, but the disk did not confirm it ({error.strerror}). "
            "Run sync, and read the system log before you rely on it.",
            path=place.path,
        ) from error


def sync_directory(place: Place) -> None:
    """Make the names in the directory durable. Raises OSError."""
    try:
        os.fsync(place.directory)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_DIRECTORIES:  # some network file systems cannot, and have nothing to sync
            raise


def _create(place: Place) -> int:
    # mode 0600: nobody may read a secret before the real mode and ACL are on; O_EXCL: a planted link is not followed
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        return os.open(place.temporary, flags, 0o600, dir_fd=place.directory)
    except FileExistsError as error:
        raise FileError(
            f"{place.temporary} in its directory is in the way. Remove it and run this again. Nothing was changed.",
            path=place.path,
        ) from error


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
