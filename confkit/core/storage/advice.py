"""What to do where the system refuses to write a file."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADVICE = {
    errno.EACCES: (
        "there is no permission to write in its directory. Run this as the owner of the directory or as root."
    ),
    errno.EPERM: (
        "the system does not permit this change. Run this as root, check with lsattr whether the file or its directory "
        "is immutable, and note that a file system without hard links takes neither a backup nor a converted file."
    ),
    errno.EROFS: "the file system is read-only. Mount it for writing, or edit the file where it comes from.",
    errno.ENOSPC: "the file system is full. Make room on it and run this again.",
    errno.EDQUOT: "the disk quota is used up. Make room or have the quota raised, and run this again.",
    errno.EIO: "the disk reports an input/output error. Read the system log, repair the disk and run this again.",
    errno.EBUSY: (
        "the file is a mount point, as when one file is mounted into a container, and cannot be replaced. "
        "Edit it outside of the container, mount its directory instead of the file, or write into it with --in-place."
    ),
    errno.ENAMETOOLONG: "its name leaves no room for that of a temporary file. Give the file a shorter name.",
    errno.ENOENT: "its directory does not exist. Name a file in a directory that exists.",
    errno.ENOTDIR: "a part of the path is not a directory. Name a file in a directory that exists.",
    errno.ELOOP: "the symbolic links lead in a circle. Make the link point at the real file.",
}
# The file itself may be writable all the same: in a container it can be the one thing that is.
_DIRECTORY_REFUSES = frozenset({errno.EACCES, errno.EROFS})


@contextlib.contextmanager
def explained(path: str, without_directory: str = "") -> Iterator[None]:
    """Turn an OSError from before a file has its new content into a FileError about `path` that says what to do.

    `without_directory` is added where the directory of the file cannot be written: what else can be done then.
    """
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, f"{error.strerror}. Fix this and run it again.")
        if without_directory and error.errno in _DIRECTORY_REFUSES and not _is_read_only(path):
            advice = f"{advice} {without_directory}"
        raise FileError(f"{advice} Nothing was changed.", path=path) from error


def _is_read_only(path: str) -> bool:
    """Return whether the file itself is on a file system that is mounted read-only."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, ValueError, AttributeError):  # no such file, or a platform without statvfs
        return False
