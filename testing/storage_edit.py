"""Edits in a process of their own, for tests that kill or starve it: `python -S -E -B storage_edit.py ACTION PATH NEW`.

It imports the standard library and confkit alone. Exit code 0, or 3 and the message of the FileError on standard error.
"""

from __future__ import annotations

import fcntl  # noqa: F401 - now, so that none of the system calls of an edit belong to its import
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from confkit.core.errors import FileError
from confkit.core.storage import in_place
from confkit.core.storage.atomic import create, replace
from confkit.core.storage.journal import Contents, put_journal
from confkit.core.storage.lock import Waiting, edit_lock
from confkit.core.storage.snapshot import opened, read_configuration, take
from confkit.core.storage.walk import reached

MARK = "/confkit-test-the-edit-begins"
EDITS = 25


def edit(path: str, new: bytes, *, backup: bool = False) -> str | None:
    """Replace the content of the file by `new`, all in one lock; return the path of the backup."""
    with edit_lock(path) as place:
        return replace(take(place), new, backup=backup)


def write_in_place(path: str, new: bytes, *, backup: bool = False) -> str | None:
    """Write `new` into the file itself, all in one lock; return the path of the backup."""
    with edit_lock(path) as place:
        return in_place.write(take(place), new, backup=backup)


def create_like(path: str, new: bytes, like: str) -> None:
    """Create a file with the attributes of another."""
    with opened(like) as snapshot, edit_lock(path, follow=False) as place:
        create(place, new, snapshot)


def convert(path: str, new: bytes) -> None:
    """Create crystoki.ini beside the file."""
    create_like(os.path.join(os.path.dirname(path), "crystoki.ini"), new, path)


def leave_journal(path: str, old: bytes, new: bytes) -> None:
    """Leave the journal of an in-place edit of the file from `old` to `new` that was killed."""
    with reached(path) as place:
        directory = os.open(os.curdir, os.O_RDONLY, dir_fd=place.directory)
        try:
            put_journal(place._replace(directory=directory), Contents(old, new, os.stat(path).st_ino))
        finally:
            os.close(directory)


def journal(lines: list[bytes]) -> bytes:
    """Return a content that shows when it is not whole: a count, as many lines, an end."""
    return b"".join([b"%d\n" % len(lines), *lines, b"END\n"])


def journal_lines(data: bytes) -> list[bytes]:
    """Return the lines of a journal; AssertionError when it is not whole."""
    count, *lines, end = data.splitlines(keepends=True)
    assert end == b"END\n", data[-40:]
    assert int(count) == len(lines), (count, len(lines))
    return lines


def edit_often(path: str) -> None:
    """Add EDITS lines of different lengths to the journal, one edit each; it has to be whole after every one."""
    for number in range(EDITS):
        with edit_lock(path, Waiting(120)) as place:
            snapshot = take(place)
            line = b"%d/%d %s\n" % (os.getpid(), number, b"x" * (number * 97 % 500))
            replace(snapshot, journal([*journal_lines(snapshot.data), line]), backup=False)
        journal_lines(read_configuration(path))


def main(action: str, path: str, new: str = "") -> int:
    """Do one action; the access(2) of MARK tells a tracer where it begins."""
    os.access(MARK, os.F_OK)
    try:
        if action == "often":
            edit_often(path)
        elif action == "convert":
            convert(path, os.fsencode(new))
        else:
            edit(path, os.fsencode(new), backup=action == "backup")
    except FileError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
