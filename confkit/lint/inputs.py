"""What the linter reads: regular files of a bounded size, and standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.storage.reader import MAX_CONFIGURATION, read_bounded, size

if TYPE_CHECKING:
    from typing import BinaryIO

    from confkit.core.storage.reader import Links

MAX_LINES = 2_000_000

_ADVICE = "Leave it out: it is not a configuration file of the client."


def read_file(path: str, links: Links = "follow") -> bytes:
    """Return the content of a configuration file or a manifest; `links` as for `read_bounded`.

    FileError: no such file, no permission, not a regular file (a FIFO is not even opened, so that nobody who waits for
    a reader is let go), too large, more than `MAX_LINES`, a link that is refused.
    """
    return _checked(read_bounded(path, MAX_CONFIGURATION, links=links), path)


def read_stream(stream: BinaryIO, path: str) -> bytes:
    """Return all of a stream, such as standard input, which messages call `path`. FileError as above."""
    try:
        source = stream.read(MAX_CONFIGURATION + 1)
    except OSError as error:
        raise FileError(f"it cannot be read ({error.strerror}). Fix this and try again.", path=path) from error
    if len(source) > MAX_CONFIGURATION:
        raise FileError(f"it has more than {size(MAX_CONFIGURATION)}. {_ADVICE}", path=path)
    return _checked(source, path)


def _checked(source: bytes, path: str) -> bytes:
    if source.count(b"\n") + source.count(b"\r") - source.count(b"\r\n") > MAX_LINES:
        raise FileError(f"it has more than {MAX_LINES} lines. {_ADVICE}", path=path)
    return source
