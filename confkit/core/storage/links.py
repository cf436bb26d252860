"""Symbolic links on the way to a file that is to be edited: whom they may belong to."""

from __future__ import annotations

import errno
import os
import stat

from confkit.core.errors import FileError

_MOST_LINKS = 40  # as the Linux kernel (path_resolution(7))


def trusted_target(path: str, owner: int) -> str:
    """Return the path of the file behind `path`, as os.path.realpath does, by links that may lead an edit.

    Somebody who may write in one of the folders on the way could point a link of his own at any file, and have it
    edited by root. So a link has to belong to root, to this user, or to `owner`, that of the file. Raises FileError
    for another one, or OSError.
    """
    at, links = os.sep, 0
    rest = (path if os.path.isabs(path) else os.path.join(os.getcwd(), path)).split(os.sep)[::-1]
    while rest:
        part = rest.pop()
        if part in {"", os.curdir}:
            continue
        here = os.path.dirname(at) if part == os.pardir else os.path.join(at, part)
        status = os.lstat(here)
        if not stat.S_ISLNK(status.st_mode):
            at = here
            continue
        if status.st_uid not in {0, os.geteuid(), owner}:
            raise FileError(
                f"on the way to the file is the symbolic link {here}, which uid {status.st_uid} has made, and that is "
                "neither root, nor you, nor the owner of the file. Name the file itself. Nothing was changed.",
                path=path,
            )
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        leads_to = os.readlink(here)
        rest += leads_to.split(os.sep)[::-1]
        at = os.sep if leads_to.startswith(os.sep) else at
    return at
