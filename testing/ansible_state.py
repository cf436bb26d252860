"""What a file is, besides its content: what a change has to keep and a roll-back has to bring back."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class State(NamedTuple):
    """Content and attributes; an ACL is among the extended attributes."""

    content: bytes
    mode: int
    owner: tuple[int, int]
    extended: dict[str, bytes]


class Untouched(NamedTuple):
    """Differs as soon as anybody writes the file or exchanges it, even by an equal one, or makes a file beside it."""

    state: State
    inode: int
    written: int
    beside: list[str]


def state(path: Path) -> State:
    """Return what the file is now."""
    status = path.stat()
    extended = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    return State(path.read_bytes(), stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid), extended)


def untouched(path: Path) -> Untouched:
    """Return what stays equal as long as nobody writes in the file's folder."""
    status = path.stat()
    return Untouched(state(path), status.st_ino, status.st_mtime_ns, sorted(os.listdir(path.parent)))
