"""Give one open file the owner, ACL, extended attributes, inode flags and mode of another, or refuse."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

ACL = "system.posix_acl_access"

# The kernel makes and updates these itself: a hash of the content, and one of the attributes of this very inode
# (https://en.opensuse.org/SDB:Ima_evm). Those of the old file would be wrong on the new one.
KERNEL_KEPT = frozenset({"security.evm", "security.ima"})

# Inode flags, as chattr(1) sets them: FS_*_FL of <linux/fs.h>. The others belong to the file system.
IMMUTABLE, APPEND_ONLY = 0x10, 0x20
_KEPT_FLAGS = {
    0x1: "s",
    0x2: "u",
    0x4: "c",
    0x8: "S",
    0x40: "d",
    0x80: "A",
    0x4000: "j",
    0x8000: "t",
    0x800000: "C",
    0x2000000: "x",
}
# architectures on which the two directions of ioctl(2) have each other's numbers
_SWAPPED = hasattr(os, "uname") and os.uname().machine.startswith(("ppc", "mips", "sparc", "alpha"))
_OWNER = "the owner of the file"
_CANNOT_KEEP = frozenset({errno.EPERM, errno.EACCES, errno.EINVAL, errno.EOPNOTSUPP})
_NO_FLAGS = frozenset({errno.ENOTTY, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EPERM, errno.EACCES})


def copy_attributes(source: int, copy: int, path: str) -> None:
    """Owner first, then ACL and other attributes, then mode: chown clears setuid bits, an ACL sets the group's bits.

    FileError, about `path`, for what cannot be kept, or OSError.
    """
    wanted = os.fstat(source)
    owner, mode = (wanted.st_uid, wanted.st_gid), stat.S_IMODE(wanted.st_mode)
    now = os.fstat(copy)
    who = _OWNER if now.st_uid != owner[0] else f"a member of the group {owner[1]}"
    with _keeping(f"the owner (uid {owner[0]}, gid {owner[1]})", path, who):
        if (now.st_uid, now.st_gid) != owner:
            os.fchown(copy, *owner)
    _copy_extended(source, copy, path)
    with _keeping(f"the mode {mode:04o}", path):
        if stat.S_IMODE(os.fstat(copy).st_mode) != mode:
            os.fchmod(copy, mode)
        # fchmod drops the setgid bit without an error when the caller is not in the group of the file
        if stat.S_IMODE(os.fstat(copy).st_mode) != mode:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def copy_flags(source: int, copy: int, path: str) -> None:
    """Give a new file the inode flags of another, while it is empty: some take effect only then. See above."""
    wanted, now = flags(source), flags(copy)
    differing = (wanted ^ now) & sum(_KEPT_FLAGS)
    if not differing:
        return
    letters = "".join(letter for bit, letter in _KEPT_FLAGS.items() if wanted & bit)
    with _keeping(f"the file attributes (chattr {letters or '='})", path):
        _set_flags(copy, now ^ differing)
        if (flags(copy) ^ wanted) & sum(_KEPT_FLAGS):
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


def refuse_protected(file: int, directory: int, path: str) -> None:
    """Raise FileError where the file, or its directory, is append-only or immutable: it cannot be replaced then."""
    for descriptor, what in ((file, "the file"), (directory, "its directory")):
        found = flags(descriptor)
        for bit, letter, kind in ((IMMUTABLE, "i", "immutable"), (APPEND_ONLY, "a", "append-only")):
            if found & bit:
                raise FileError(
                    f"{what} is {kind}. If this edit is meant, take the attribute off (chattr -{letter}), edit, and "
                    "set it again. Nothing was changed.",
                    path=path,
                )


def flags(descriptor: int) -> int:
    """Return the inode flags of an open file; 0 where the file system has none."""
    if not sys.platform.startswith("linux"):
        return 0
    import fcntl  # noqa: PLC0415 - absent on Windows

    try:
        answer = fcntl.ioctl(descriptor, _request(read=True), bytes(8))
    except OSError as error:
        if error.errno in _NO_FLAGS:
            return 0
        raise
    return int.from_bytes(answer[:4], sys.byteorder)


def _set_flags(descriptor: int, value: int) -> None:
    import fcntl  # noqa: PLC0415 - absent on Windows

    fcntl.ioctl(descriptor, _request(read=False), value.to_bytes(4, sys.byteorder) + bytes(4))


def _request(*, read: bool) -> int:
    """Return FS_IOC_GETFLAGS or FS_IOC_SETFLAGS: _IOR('f', 1, long) and _IOW('f', 2, long) of <linux/fs.h>."""
    direction = 0x80000000 if read != _SWAPPED else 0x40000000
    length = 8 if sys.maxsize > 1 << 32 else 4
    return direction | length << 16 | ord("f") << 8 | (1 if read else 2)


def _copy_extended(source: int, copy: int, path: str) -> None:
    wanted, now = _extended(source), _extended(copy)
    for name, value in wanted.items():
        # one that is equal is not set again: an ordinary user may not set security.selinux, even to what it is
        if now.get(name) != value:
            with _keeping("the ACL" if name == ACL else f"the extended attribute {name}", path):
                os.setxattr(copy, name, value)
    if ACL in now and ACL not in wanted:  # inherited from a default ACL of the directory
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
def _keeping(what: str, path: str, who: str = _OWNER) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _CANNOT_KEEP:
            raise
        raise FileError(
            f"{what} of the file cannot be kept ({error.strerror}). Run this as {who} or as root. Nothing was changed.",
            path=path,
        ) from error
