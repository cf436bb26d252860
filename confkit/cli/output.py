"""Standard output for reports: all of it arrives, or the command says that it did not."""

from __future__ import annotations

import os
import sys

from confkit.core.errors import FileError


def write_out(text: str) -> None:
    """Write text to standard output; what its encoding cannot say is escaped.

    FileError where it is closed or full. BrokenPipeError, for `confkit.cli.application`, where its reader has gone.
    """
    if sys.stdout is None:
        raise FileError("standard output is closed, so nobody can read the report. Give it a file or a terminal")
    rest = memoryview(text.encode(sys.stdout.encoding, "backslashreplace"))
    try:
        # past Python's buffer: what cannot be written would be tried, and fail, once more at the end
        while rest:
            rest = rest[os.write(sys.stdout.fileno(), rest) :]
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(
            f"standard output cannot be written ({error.strerror}). Make room, or write elsewhere"
        ) from error
