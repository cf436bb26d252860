"""What a directory holds, to show that nothing in it was touched; and ACLs as the kernel takes them."""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from typing import TYPE_CHECKING, NamedTuple

from testing.programs import unmet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACL = "system.posix_acl_access"
DEFAULT_ACL = "system.posix_acl_default"


class Kept(NamedTuple):
    """All of a file that an edit keeps."""

    mode: int
    owner: tuple[int, int]
    extended: dict[str, bytes]


def kept(path: Path) -> Kept:
    """Return mode, owner and extended attributes of the file."""
    status = os.stat(path)
    return Kept(
        status.st_mode, (status.st_uid, status.st_gid), {name: os.getxattr(path, name) for name in os.listxattr(path)}
    )


def state(directory: Path) -> dict[str, tuple[os.stat_result | int | str | bytes, ...]]:
    """Return for every name what it is, since when, and its content or where it leads."""
    found: dict[str, tuple[os.stat_result | int | str | bytes, ...]] = {}
    for entry in directory.iterdir():
        status = entry.lstat()
        content = os.readlink(entry) if entry.is_symlink() else entry.read_bytes() if entry.is_file() else b""
        found[entry.name] = (status.st_ino, status.st_mode, status.st_nlink, status.st_mtime_ns, content)
    return found


@contextlib.contextmanager
def untouched(directory: Path) -> Iterator[None]:
    """Assert that the block changes no name, content, mode or time in `directory`."""
    before = state(directory)
    yield
    assert state(directory) == before


def names(directory: Path) -> set[str]:
    """Return the names in the directory."""
    return set(os.listdir(directory))


def acl(named_user: int) -> bytes:
    """Return an ACL: the owner rw-, `named_user` r--, the group ---, mask r--, others ---.

    Layout: `struct posix_acl_xattr_header` and `posix_acl_xattr_entry` of <linux/posix_acl_xattr.h>.
    """
    nobody = 0xFFFFFFFF
    entries = [(0x01, 6, nobody), (0x02, 4, named_user), (0x04, 0, nobody), (0x10, 4, nobody), (0x20, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def set_extended(path: Path, name: str, value: bytes) -> None:
    """Set an extended attribute; the test is not met where the file system has none or this user may not."""
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EPERM}:
            raise
        unmet(f"needs a file system and a user for {name}: {error.strerror}")
