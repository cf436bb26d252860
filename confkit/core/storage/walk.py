"""Reach a file once: component by component, each through the descriptor of the one before it.

What is opened, compared, renamed, linked and synced afterwards goes through the descriptor of the directory that was
reached (`Place`), so that a directory or a link that somebody exchanges meanwhile leads nothing astray. The owner of
every symbolic link on the way is noted, and judged by `refuse_foreign_links`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING, NamedTuple, cast

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINKS = 40  # as the Linux kernel (path_resolution(7))

# Absent on Windows, where no path is walked. O_PATH is Linux's own: without it a link is looked at by its name.
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_ENTRY = getattr(os, "O_PATH", 0) | getattr(os, "O_NOFOLLOW", 0)
_NOT_OPENED = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EMLINK})


class Link(NamedTuple):
    """A symbolic link on the way: its path, and the user it belongs to."""

    path: str
    uid: int


class Place(NamedTuple):
    """A name in an open directory. The name may stand for nothing yet, and is never a link that was followed.

    `path` is what the user named, for messages; `target` is the absolute path without links, as it was when the path
    was walked; `links` are the symbolic links that led there.
    """

    directory: int
    name: str
    path: str
    target: str
    links: tuple[Link, ...] = ()

    @property
    def temporary(self) -> str:
        """The one temporary name for this file: it is fixed, so that whoever holds the lock can remove a left-over."""
        return f".{self.name}.confkit-new"

    @property
    def journal(self) -> str:
        """Where `confkit.core.storage.in_place` keeps the old content while it writes into the file itself."""
        return f".{self.name}.confkit-journal"


@contextlib.contextmanager
def reached(path: str, *, follow: bool = True) -> Iterator[Place]:
    """Yield the place that `path` leads to. FileError for what no file can be called, OSError for the rest.

    Only the last component may be missing; without `follow` it is not followed where it is a link. The descriptor may
    be good for lookups alone (O_PATH). On Windows, where files are only read, there is none, and the name is the path.
    """
    try:
        os.fsencode(path).index(b"\0")
    except UnicodeEncodeError as error:  # a surrogate that stands for no byte
        raise _impossible(path) from error
    except ValueError:
        pass
    else:
        raise _impossible(path)
    if not hasattr(os, "O_DIRECTORY"):
        target = os.path.realpath(path)
        yield Place(cast("int", None), target, path, target)
        return
    walk = _Walk(path, follow=follow)
    try:
        yield walk.place()
    finally:
        walk.close()


def _impossible(path: str) -> FileError:
    return FileError("no file can have this name. Name another.", path=path)


def refuse_foreign_links(place: Place, owner: int) -> None:
    """Raise FileError unless every link on the way belongs to root, to this user, or to `owner`.

    Somebody who may write in one of the directories on the way could point a link of his own at any file, and have it
    edited by root. `owner` is the user that the file belongs to, or the directory where there is no file yet.
    """
    for link in place.links:
        if link.uid not in {0, os.geteuid(), owner}:
            raise FileError(
                f"the symbolic link {link.path} on the way to the file belongs to uid {link.uid}, who is neither root, "
                "nor you, nor the owner of the file. Name the file itself. Nothing was changed.",
                path=place.path,
            )


def same_place(one: Place, other: Place) -> bool:
    """Return whether two places are one name in one directory."""
    return one.name == other.name and os.path.samestat(os.fstat(one.directory), os.fstat(other.directory))


def close(descriptor: int) -> None:
    """Close what was only read, or is synced already: an error can tell nothing about the content any more."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _open_start(directory: str) -> int:
    """Return a descriptor of the directory that a walk begins in, even where it may be passed and not listed."""
    try:
        return os.open(directory, _DIRECTORY)
    except PermissionError:
        if not getattr(os, "O_PATH", 0):
            raise
        return os.open(directory, _ENTRY | os.O_DIRECTORY)


class _Walk:
    """The walk of one path; it holds one descriptor at a time."""

    def __init__(self, path: str, *, follow: bool) -> None:
        self.path = path
        self.follows_last = follow
        self.rest = path.split(os.sep)[::-1]
        # from the current directory itself: it may lie below one that this user may not pass any more
        self.at = os.sep if os.path.isabs(path) else os.getcwd()
        self.links: list[Link] = []
        self.directory = _open_start(os.sep if os.path.isabs(path) else os.curdir)

    def close(self) -> None:
        close(self.directory)

    def place(self) -> Place:
        """Walk to the end."""
        name = os.curdir
        while self.rest:
            part = self.rest.pop()
            if part in {"", os.curdir}:
                continue
            if part == os.pardir:
                self.descend(os.open(os.pardir, _DIRECTORY, dir_fd=self.directory), os.path.dirname(self.at))
            elif any(each not in {"", os.curdir} for each in self.rest):
                self.step(part)
            elif not (self.follows_last and self.follow(part)):
                name = part
        return Place(self.directory, name, self.path, os.path.join(self.at, name), tuple(self.links))

    def descend(self, descriptor: int, at: str) -> None:
        close(self.directory)
        self.directory, self.at = descriptor, at

    def step(self, part: str) -> None:
        """Go into a directory, or follow a link."""
        try:
            descriptor = os.open(part, _DIRECTORY, dir_fd=self.directory)
        except OSError as error:
            if error.errno not in _NOT_OPENED:
                raise
            # a link; or a directory that may be passed and not listed, for which O_PATH is enough
            if self.follow(part):
                return
            if not getattr(os, "O_PATH", 0):
                raise
            descriptor = os.open(part, _ENTRY | os.O_DIRECTORY, dir_fd=self.directory)
        self.descend(descriptor, os.path.join(self.at, part))

    def follow(self, part: str) -> bool:
        """Put what the link `part` leads to in its place; return False where it is not a link, or nothing at all."""
        try:
            found = self.read_link(part)
        except FileNotFoundError:
            if any(each not in {"", os.curdir} for each in self.rest):
                raise
            return False
        if found is None:
            return False
        owner, leads_to = found
        self.links.append(Link(os.path.join(self.at, part), owner))
        if len(self.links) > MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if not leads_to:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        self.rest += leads_to.split(os.sep)[::-1]
        if leads_to.startswith(os.sep):
            self.descend(_open_start(os.sep), os.sep)
        return True

    def read_link(self, part: str) -> tuple[int, str] | None:
        """Return owner and target of one and the same link, or None where this is not one."""
        if not getattr(os, "O_PATH", 0):
            status = os.lstat(part, dir_fd=self.directory)
            if not stat.S_ISLNK(status.st_mode):
                return None
            leads_to = os.readlink(part, dir_fd=self.directory)
            if not os.path.samestat(status, os.lstat(part, dir_fd=self.directory)):
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            return status.st_uid, leads_to
        descriptor = os.open(part, _ENTRY, dir_fd=self.directory)
        try:
            status = os.fstat(descriptor)
            return (status.st_uid, os.readlink("", dir_fd=descriptor)) if stat.S_ISLNK(status.st_mode) else None
        finally:
            close(descriptor)
