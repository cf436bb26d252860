"""What the linter reads: regular files of a bounded size, and standard input."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage import file as configfile

if TYPE_CHECKING:
    from typing import BinaryIO

# The longest real files have some 300 lines. Up to these limits a hostile one ends within minutes and a few gigabytes.
MOST_BYTES = 64 * 1024 * 1024
MOST_LINES = 2_000_000

_ADVICE = "that is no configuration file of the client. Leave it out."


def read_file(path: str) -> bytes:
    """Return the content of a regular file; what is none is not even opened.

    Raises FileError: no such file, no permission, a folder, FIFO, socket or device, more than `MOST_BYTES`, more than
    `MOST_LINES`.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return _checked(configfile.read(path).data, path)  # which fails too, and says why
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise FileError("this is a FIFO, a socket or a device. Name a regular file.", path=path)
    _check_size(status.st_size, path)
    return _checked(configfile.read(path).data, path)


def read_stream(stream: BinaryIO, path: str) -> bytes:
    """Return all of a stream, such as standard input, which messages call `path`. FileError as above."""
    try:
        return _checked(stream.read(MOST_BYTES + 1), path)
    except OSError as error:
        raise FileError(f"it cannot be read ({error.strerror}). Mend that and try again.", path=path) from error


def _checked(source: bytes, path: str) -> bytes:
    _check_size(len(source), path)
    if source.count(b"\n") + source.count(b"\r") - source.count(b"\r\n") > MOST_LINES:
        raise FileError(f"it has more than {MOST_LINES} lines; {_ADVICE}", path=path)
    return source


def _check_size(size: int, path: str) -> None:
    if size > MOST_BYTES:
        raise FileError(f"it has more than {MOST_BYTES >> 20} MiB; {_ADVICE}", path=path)
