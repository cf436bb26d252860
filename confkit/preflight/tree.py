"""Paths as they mean something below a folder: the root of this host, or that of an image (`--root`).

An absolute symbolic link and a `..` in an image lead nowhere but into the image. Each folder on the way is opened
relative to the one before it and without following a link, so a tree that somebody changes meanwhile cannot lead out
either.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_LINKS = 40  # as in Linux, path_resolution(7)
# O_PATH needs no permission to read the folder, as the client itself needs none; not every system has it
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC  # a FIFO is not waited for
_ACL = "system.posix_acl_access"


class Tree(NamedTuple):
    """What paths are resolved below: the open folder, and its name for messages, empty for the root of this host."""

    descriptor: int
    name: str


class Searched(NamedTuple):
    """A folder on the way: who may search it depends on this."""

    status: os.stat_result
    has_acl: bool


class Place(NamedTuple):
    """Where a path leads: an open folder and a name in it that is no link; whether it exists is not said."""

    folder: int
    name: str
    searched: tuple[Searched, ...]

    def status(self) -> os.stat_result:
        """Return what stands there. OSError when nothing does."""
        return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)


@contextmanager
def open_tree(root: str | None) -> Iterator[Tree]:
    """Open the folder `root`, None for the root of this host. UsageError when it is no folder that can be opened."""
    try:
        descriptor = os.open(root or "/", _FOLDER & ~os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"--root {root} is no folder that can be opened ({reason}). Name the root of an image"
        ) from error
    try:
        yield Tree(descriptor, root or "")
    finally:
        os.close(descriptor)


@contextmanager
def place(tree: Tree, path: str) -> Iterator[Place]:
    """Find where the absolute `path` leads below the tree; the open folder is closed when the block ends.

    OSError: a folder on the way is missing, is none, or may not be searched; links lead in a circle.
    """
    if "\0" in path:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    with ExitStack() as stack:
        walk = _Walk(stack, tree)
        parts = path.split("/")[::-1]
        while parts:
            part = parts.pop()
            if part == "..":
                walk.leave()
            elif part not in {"", "."}:
                target = walk.link(part)
                if target is not None:
                    parts += target.split("/")[::-1]
                elif parts:
                    walk.enter(part)
                else:
                    yield Place(walk.folder, part, tuple(walk.searched))
                    return
        yield Place(walk.folder, ".", tuple(walk.searched))


class _Walk:
    """The folders between the root and where the walk stands, each open; those that were left are closed."""

    def __init__(self, stack: ExitStack, tree: Tree) -> None:
        self._opened = [os.dup(tree.descriptor)]
        self._links = 0
        self.searched: list[Searched] = []
        stack.callback(self._close)

    @property
    def folder(self) -> int:
        return self._opened[-1]

    def enter(self, name: str) -> None:
        self._opened.append(os.open(name, _FOLDER, dir_fd=self.folder))

    def leave(self) -> None:
        """Go one up; the root is its own parent, as in chroot(2)."""
        if len(self._opened) > 1:
            os.close(self._opened.pop())

    def _close(self) -> None:
        for descriptor in self._opened:
            os.close(descriptor)

    def link(self, name: str) -> str | None:
        """Return the target of the link `name`, having gone back to the root for an absolute one; None for no link."""
        self.searched.append(Searched(os.fstat(self.folder), has_acl(f"/proc/self/fd/{self.folder}")))
        try:
            target = os.readlink(name, dir_fd=self.folder)
        except OSError as error:
            # EINVAL: something else than a link; ENOENT may be the last name, which need not exist
            if error.errno in {errno.EINVAL, errno.ENOENT}:
                return None
            raise
        self._links += 1
        if self._links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
        while target.startswith("/") and len(self._opened) > 1:
            self.leave()
        return target


def read(tree: Tree, path: str, most_bytes: int) -> bytes:
    """Return the first `most_bytes` of the regular file at `path`. OSError when it cannot be read or is none."""
    with place(tree, path) as found:
        descriptor = os.open(found.name, _FILE, dir_fd=found.folder)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "it is no regular file", path)
            return file.read(most_bytes)


def has_acl(path: str) -> bool:
    """Tell whether an access control list goes beyond the mode bits of `path`, or cannot be ruled out."""
    if not hasattr(os, "getxattr"):
        return False
    try:
        return bool(os.getxattr(path, _ACL))
    except OSError as error:
        return error.errno not in {errno.ENODATA, errno.ENOTSUP}
