"""Put a whole file into an open folder, with the attributes of another file, or put nothing there at all.

The content is first written, given its attributes and synced under a temporary name; only then does it get its real
name, by one rename(2) or link(2). A crash before that call leaves what was there, a crash after it the whole new file.
All names are looked up through the descriptor of the folder, so that a folder exchanged meanwhile leads nothing astray.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACL = "system.posix_acl_access"

# The kernel makes and updates these itself: a hash of the content, and one of the attributes of this very inode
# (https://en.opensuse.org/SDB:Ima_evm). Those of the old file would be wrong on the new one.
KERNEL_KEPT = frozenset({"security.evm", "security.ima"})

_ADVICE = {
    errno.EACCES: "there is no permission to write in its folder. Run this as the owner of the folder or as root.",
    errno.EPERM: (
        "the system does not permit this change. Run this as root, look with lsattr whether the file or its folder is "
        "immutable, and note that a file system without hard links takes neither a backup nor a converted file."
    ),
    errno.EROFS: "the file system is read-only. Mount it for writing, or edit the file where it comes from.",
    errno.ENOSPC: "the file system is full. Make room on it and run this again.",
    errno.EDQUOT: "the disk quota is used up. Make room or have the quota raised, and run this again.",
    errno.EIO: "the disk reports an input/output error. Look into the system log, mend the disk and run this again.",
    errno.EBUSY: (
        "the file is a mount point, as when one file is mounted into a container, and cannot be replaced. "
        "Edit it outside of the container, mount its folder instead of the file, or write into it with --in-place."
    ),
    errno.ENAMETOOLONG: "its name leaves no room for that of a temporary file. Give the file a shorter name.",
    errno.ENOENT: "its folder does not exist. Name a file in a folder that exists.",
    errno.ENOTDIR: "a part of the path is not a folder. Name a file in a folder that exists.",
}
# The file itself may be writable all the same: in a container it can be the one thing that is.
_FOLDER_REFUSES = frozenset({errno.EACCES, errno.EROFS})
_CANNOT_KEEP = frozenset({errno.EPERM, errno.EACCES, errno.EINVAL, errno.EOPNOTSUPP})
_CANNOT_SYNC_FOLDERS = frozenset({errno.EINVAL, errno.EOPNOTSUPP})


class Place(NamedTuple):
    """A name in the folder open as `folder`, and the path by which messages call it."""

    folder: int
    name: str
    shown: str

    @property
    def temporary(self) -> str:
        """The one temporary name for this file: it is fixed, so that whoever holds the lock can remove a left-over."""
        return f".{self.name}.confkit-new"

    @property
    def journal(self) -> str:
        """Where `confkit.core.storage.in_place` keeps the old content while it writes into the file itself."""
        return f".{self.name}.confkit-journal"


@contextlib.contextmanager
def explained(shown: str, without_folder: str = "") -> Iterator[None]:
    """Turn an OSError from before the new name into a FileError about `shown` that says what to do.

    `without_folder` is added where the folder of the file cannot be written: what else there is to do then.
    """
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, f"{error.strerror}. Mend that and run this again.")
        if without_folder and error.errno in _FOLDER_REFUSES:
            advice = f"{advice} {without_folder}"
        raise FileError(f"{advice} Nothing was changed.", path=shown) from error


@contextlib.contextmanager
def open_folder(path: str) -> Iterator[int]:
    """Yield a descriptor of the folder, as `Place` needs it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        close(descriptor)


def close(descriptor: int) -> None:
    """Close what was only read, or is synced already: an error can tell nothing about the content any more."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


@contextlib.contextmanager
def temporary(place: Place, data: bytes, like: int | None) -> Iterator[None]:
    """Write `data`, whole and synced, under the temporary name; the block then gives it its real name.

    It gets the owner, ACL, extended attributes and mode of the open file `like`; with None it is the caller's own, mode
    0600. When anything fails, here or in the block, it is removed. Raises FileError when the attributes cannot be kept
    or the temporary name is taken, else OSError.
    """
    descriptor = _create(place)
    try:
        try:
            _write(descriptor, data)
            if like is not None:
                _copy_attributes(like, descriptor, place.shown)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        yield
    except BaseException:  # an interrupt from the keyboard too
        remove_temporary(place)
        raise


def remove_temporary(place: Place) -> None:
    """Remove the temporary file, or a link of that name; one that cannot be removed stays, and `temporary` names it."""
    with contextlib.suppress(OSError):
        os.unlink(place.temporary, dir_fd=place.folder)


def refuse_more_links(place: Place, old: int) -> None:
    """Raise FileError where the open file has more names than one."""
    if (links := os.fstat(old).st_nlink) > 1:
        raise FileError(
            f"the file has {links} hard links, and the other names would keep the old content. Remove them (find "
            "-samefile shows them), or write into the file with --in-place. Nothing was changed.",
            path=place.shown,
        )


def refuse_journal(place: Place) -> None:
    """Raise FileError where an in-place edit was interrupted: what is in the file may be half of it."""
    with contextlib.suppress(FileNotFoundError):
        os.stat(place.journal, dir_fd=place.folder, follow_symlinks=False)
        raise FileError(
            f"an in-place edit of this file was interrupted, and {place.journal} beside it has the old content. Run "
            "confkit set-timeout, which first puts that back. Nothing was changed.",
            path=place.shown,
        )


def rename_over(place: Place) -> None:
    """Give the temporary file the name of `place`, in the place of the file that had it. Raises OSError."""
    os.rename(place.temporary, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)


def link_first_free(place: Place, names: Iterable[str]) -> str:
    """Give the temporary file the first of `names` that nothing has, and return it.

    Nothing is ever overwritten, not even a dangling link: FileExistsError when all names are taken, or OSError.
    """
    name = _link(place, names)
    remove_temporary(place)  # where that fails, the file has its name all the same, and the next run tidies up
    return name


def _link(place: Place, names: Iterable[str]) -> str:
    for name in names:
        with contextlib.suppress(FileExistsError):
            os.link(place.temporary, name, src_dir_fd=place.folder, dst_dir_fd=place.folder, follow_symlinks=False)
            return name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def back_up(place: Place, data: bytes, like: int) -> str:
    """Put `data` beside the file as NAME.YYYYmmddTHHMMSSZ.bak (UTC; -1, -2 ... before .bak if taken); return the name.

    It gets that name only when it is whole: a crash leaves no half backup. Raises FileError or OSError.
    """
    stem = f"{place.name}.{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    names = (f"{stem}{f'-{number}' if number else ''}.bak" for number in itertools.count())
    with temporary(place, data, like):
        saved = _link(place, names)
        os.unlink(place.temporary, dir_fd=place.folder)  # the file that is written next needs the name
    sync_folder(place)
    return saved


def confirm(place: Place) -> None:
    """Make the new name durable. Raises FileError, which says that the new content is in place, when the disk fails."""
    try:
        sync_folder(place)
    except OSError as error:
        raise FileError(
            f"the new content is in place, but the disk did not confirm it ({error.strerror}). "
            "Run sync, and look into the system log before you rely on it.",
            path=place.shown,
        ) from error


def _create(place: Place) -> int:
    # mode 0600: nobody may read a secret before the real mode and ACL are on; O_EXCL: a planted link is not followed
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        return os.open(place.temporary, flags, 0o600, dir_fd=place.folder)
    except FileExistsError as error:
        raise FileError(
            f"{place.temporary} in its folder is in the way. Remove it and run this again. Nothing was changed.",
            path=place.shown,
        ) from error


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_attributes(source: int, copy: int, shown: str) -> None:
    """Owner first, then ACL and other attributes, then mode: chown clears setuid bits, an ACL sets the group's bits."""
    wanted = os.fstat(source)
    owner, mode = (wanted.st_uid, wanted.st_gid), stat.S_IMODE(wanted.st_mode)
    with _keeping(f"the owner (uid {owner[0]}, gid {owner[1]})", shown):
        now = os.fstat(copy)
        if (now.st_uid, now.st_gid) != owner:
            os.fchown(copy, *owner)
    _copy_extended(source, copy, shown)
    with _keeping(f"the mode {mode:04o}", shown):
        if stat.S_IMODE(os.fstat(copy).st_mode) != mode:
            os.fchmod(copy, mode)
        # fchmod drops the setgid bit without an error when the caller is not in the group of the file
        if stat.S_IMODE(os.fstat(copy).st_mode) != mode:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _copy_extended(source: int, copy: int, shown: str) -> None:
    wanted, now = _extended(source), _extended(copy)
    for name, value in wanted.items():
        # one that is equal is not set again: an ordinary user may not set security.selinux, even to what it is
        if now.get(name) != value:
            with _keeping("the ACL" if name == ACL else f"the extended attribute {name}", shown):
                os.setxattr(copy, name, value)
    if ACL in now and ACL not in wanted:  # inherited from a default ACL of the folder
        os.removexattr(copy, ACL)


def _extended(descriptor: int) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}  # Python has these calls on Linux alone
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return {}
        raise
    return {name: os.getxattr(descriptor, name) for name in names if name not in KERNEL_KEPT}


@contextlib.contextmanager
def _keeping(what: str, shown: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _CANNOT_KEEP:
            raise
        raise FileError(
            f"{what} of the file cannot be kept ({error.strerror}). Run this as the owner of the file or as root. "
            "Nothing was changed.",
            path=shown,
        ) from error


def sync_folder(place: Place) -> None:
    """Make the names in the folder durable. Raises OSError."""
    try:
        os.fsync(place.folder)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:  # some network file systems cannot, and have nothing to sync
            raise
