"""Standard output for reports: all of it arrives, or the command says that it did not; and whether it is coloured."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from confkit.cli.options import warn
from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO


def write_out(text: str) -> None:
    """Write text to standard output; what its encoding cannot say is escaped. Errors as for `write_bytes_out`."""
    write_bytes_out(text.encode("utf-8" if sys.stdout is None else sys.stdout.encoding, "backslashreplace"))


def write_bytes_out(content: bytes) -> None:
    """Write bytes to standard output.

    FileError where it is closed or full. BrokenPipeError, for `confkit.cli.application`, where its reader has gone.
    """
    if sys.stdout is None:
        raise FileError("standard output is closed, so nobody can read the report. Give it a file or a terminal")
    rest = memoryview(content)
    try:
        # past Python's buffer: what cannot be written would be tried, and fail, once more at the end
        while rest:
            rest = rest[os.write(sys.stdout.fileno(), rest) :]
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from error


def write_about(text: str, written: str | None) -> None:
    """Write text about a file to standard output; where that fails, say that the file `written` was written."""
    try:
        write_out(text)
    except BrokenPipeError:
        if written is not None:
            warn(f"{written}: the file was written; nobody reads what is said about it")
        raise
    except FileError as error:
        if written is None:
            raise
        raise FileError(f"{error.message}. The file was written: {written}") from error


def redacted(sentences: Sequence[str], *sources: bytes) -> list[str]:
    """Return sentences about texts, such as those before and after an edit, without the secrets of these."""
    if not sentences:
        return []
    from confkit.core.redact import Redactor  # noqa: PLC0415 - most edits have no warning
    from confkit.core.syntax.lines import split_lines  # noqa: PLC0415

    return [*map(Redactor(*map(split_lines, sources)).hide, sentences)]


def unwritable(error: OSError) -> FileError:
    """Return what is said of a standard output that cannot be written."""
    return FileError(f"standard output cannot be written ({error.strerror}). Make room, or write elsewhere")


def wants_colour(when: str, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return whether text for `stream` is coloured, by --color (`when`: auto, always or never) and the environment.

    auto: never with NO_COLOR (https://no-color.org), always with FORCE_COLOR (https://force-color.org), each if not
    empty; else on a terminal that knows colours.
    """
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"
