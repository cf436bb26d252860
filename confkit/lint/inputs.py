"""What the linter reads: regular files of a bounded size, and standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.reader import read_bounded

if TYPE_CHECKING:
    from typing import BinaryIO

# The longest real files have some 300 lines. Up to these limits a hostile one ends within minutes and a few gigabytes.
MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 2_000_000

_ADVICE = "Leave it out: it is not what it should be."


def read_file(path: str, max_bytes: int | None = None) -> bytes:
    """Return the content of a regular file; nothing else is opened.

    FileError: no such file, no permission, a directory, FIFO, socket or device, more than `max_bytes` (None:
    `MAX_BYTES`), more than `MAX_LINES`.
    """
    max_bytes = MAX_BYTES if max_bytes is None else max_bytes
    return _checked(read_bounded(path, max_bytes), path, max_bytes)


def read_stream(stream: BinaryIO, path: str) -> bytes:
    """Return all of a stream, such as standard input, which messages call `path`. FileError as above."""
    try:
        return _checked(stream.read(MAX_BYTES + 1), path, MAX_BYTES)
    except OSError as error:
        raise FileError(f"it cannot be read ({error.strerror}). Fix this and try again.", path=path) from error


def _checked(source: bytes, path: str, max_bytes: int) -> bytes:
    _check_size(len(source), path, max_bytes)
    if source.count(b"\n") + source.count(b"\r") - source.count(b"\r\n") > MAX_LINES:
        raise FileError(f"it has more than {MAX_LINES} lines. {_ADVICE}", path=path)
    return source


def _check_size(size: int, path: str, max_bytes: int) -> None:
    if size > max_bytes:
        limit = f"{max_bytes >> 20} MiB" if max_bytes >> 20 else f"{max_bytes >> 10} KiB"
        raise FileError(f"it has more than {limit}. {_ADVICE}", path=path)
