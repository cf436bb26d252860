"""Resolve paths below a root: that of this host, or that of an image (`--root`).

An absolute symbolic link and a `..` in an image lead nowhere but into the image. Each directory on the way is opened
relative to its parent without following a link, so a tree that is changed meanwhile cannot lead out either.
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

_MAX_LINKS = 40  # as in Linux, path_resolution(7)
_MAX_PATH_BYTES = 4095  # PATH_MAX of Linux without its NUL: no client could open a longer path either
# O_PATH needs no permission to read the directory, as the client itself needs none; not every system has it
_DIRECTORY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC  # a FIFO is not waited for
_ACL = "system.posix_acl_access"


class Tree(NamedTuple):
    """A root: the open directory, and its name for messages, empty for the root of this host."""

    descriptor: int
    name: str


class Searched(NamedTuple):
    """A directory on the way: who may search it depends on this."""

    status: os.stat_result
    has_acl: bool


class TreePlace(NamedTuple):
    """Where a path leads: an open directory and a name in it that is not a link, and may not exist."""

    directory: int
    name: str
    searched: tuple[Searched, ...]

    def status(self) -> os.stat_result:
        """Return the status of what is there. OSError when there is nothing."""
        return os.stat(self.name, dir_fd=self.directory, follow_symlinks=False)


@contextmanager
def open_tree(root: str | None) -> Iterator[Tree]:
    """Open the directory `root`, None for the root of this host. UsageError when it cannot be opened as one."""
    try:
        descriptor = os.open(root or "/", _DIRECTORY & ~os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"--root {root}: not a directory that can be opened ({reason}). Name the root of an image"
        ) from error
    try:
        yield Tree(descriptor, root or "")
    finally:
        os.close(descriptor)


@contextmanager
def place(tree: Tree, path: str) -> Iterator[TreePlace]:
    """Find where the absolute `path` leads below the tree; the open directory is closed when the block ends.

    OSError: a directory on the way is missing, is not one, or may not be searched; links lead in a circle; the path is
    longer than the system takes.
    """
    if "\0" in path:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    if len(path) > _MAX_PATH_BYTES or len(os.fsencode(path)) > _MAX_PATH_BYTES:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), path[:_MAX_PATH_BYTES])
    with ExitStack() as stack:
        walk = _TreeWalk(stack, tree)
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
                    yield TreePlace(walk.directory, part, tuple(walk.searched))
                    return
        yield TreePlace(walk.directory, ".", tuple(walk.searched))


class _TreeWalk:
    """The directories from the root to where the walk is, each open; those that it left are closed."""

    def __init__(self, stack: ExitStack, tree: Tree) -> None:
        self._opened = [os.dup(tree.descriptor)]
        self._links = 0
        self.searched: list[Searched] = []
        stack.callback(self._close)

    @property
    def directory(self) -> int:
        return self._opened[-1]

    def enter(self, name: str) -> None:
        self._opened.append(os.open(name, _DIRECTORY, dir_fd=self.directory))

    def leave(self) -> None:
        """Go to the parent; the root is its own parent, as in chroot(2)."""
        if len(self._opened) > 1:
            os.close(self._opened.pop())

    def _close(self) -> None:
        for descriptor in self._opened:
            os.close(descriptor)

    def link(self, name: str) -> str | None:
        """Return the target of the link `name`, None if it is not one; go back to the root for an absolute target."""
        self.searched.append(Searched(os.fstat(self.directory), has_acl(f"/proc/self/fd/{self.directory}")))
        try:
            target = os.readlink(name, dir_fd=self.directory)
        except OSError as error:
            # EINVAL: not a link; ENOENT: perhaps the last name, which need not exist
            if error.errno in {errno.EINVAL, errno.ENOENT}:
                return None
            raise
        self._links += 1
        if self._links > _MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
        while target.startswith("/") and len(self._opened) > 1:
            self.leave()
        return target


def read(tree: Tree, path: str, max_bytes: int) -> bytes:
    """Return the first `max_bytes` of the regular file at `path`. OSError when it is not one or cannot be read."""
    with place(tree, path) as found:
        descriptor = os.open(found.name, _FILE, dir_fd=found.directory)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "it is not a regular file", path)
            return file.read(max_bytes)


def has_acl(path: str) -> bool:
    """Return whether an access control list adds to the mode bits of `path`, or cannot be ruled out."""
    if not hasattr(os, "getxattr"):
        return False
    try:
        return bool(os.getxattr(path, _ACL))
    except OSError as error:
        return error.errno not in {errno.ENODATA, errno.ENOTSUP}
