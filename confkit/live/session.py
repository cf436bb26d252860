"""What a live command works on: the file, its timeout, the library; and which copy of the file the library is to read.

Shared by check, exporter and field report. The client appends "Chrystoki.conf" to ChrystokiConfigurationPath (e_gem.c
of Thales, MIT), so a file of that name that holds the wanted statusTimeout is used as it is. For every other name or
timeout the library is given a private copy. The user's file is only read.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from confkit.core import timeout
from confkit.core.errors import FileError, UnavailableError
from confkit.core.redact import Redactor
from confkit.core.storage.locate import VARIABLE, find
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import parse
from confkit.live.private_copy import CLIENT_NAME, private_copy
from confkit.live.target import ProbeTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document

_LIBRARY_KEYS = ("LibUNIX64", "LibUNIX")  # in the order of Thales' own sautil (gem-samples/sautil/sautil.c, MIT)


@dataclass(frozen=True)
class LiveSession:
    """The file at `path` (absolute) as it was read, and the HA group: a slot number, a label, or None for the only one.

    `seconds` is the statusTimeout in force, None where the file holds no usable value; `line` is the line that sets it,
    None for the client's default. `library` is None where neither the caller nor the file names one.
    """

    path: str
    data: bytes
    document: Document
    seconds: int | None
    line: int | None
    library: str | None
    choice: int | str | None = None

    def usable(self) -> tuple[int, str]:
        """Return timeout and library. UnavailableError, saying what to do, where either is missing."""
        if self.seconds is None:
            raise UnavailableError(
                f"{timeout.KEY} on line {self.line} of {self.path} is not a whole number from "
                f"{timeout.MINIMUM_SECONDS} to {timeout.MAXIMUM_SECONDS}. Set it with confkit set-timeout."
            )
        if self.library is None:
            raise UnavailableError(
                f"section Chrystoki2 of {self.path} names no library for this platform. Name one with --library."
            )
        return self.seconds, self.library

    @property
    def digest(self) -> str:
        """The SHA-256 of the file's content without its secrets, which nobody may guess from it."""
        lines = self.data.splitlines()
        redactor = Redactor(lines)
        shown = "\n".join(redactor.hide_line(line.decode("utf-8", "backslashreplace")) for line in lines)
        return hashlib.sha256(shown.encode()).hexdigest()

    def modified(self) -> bool:
        """Return whether the file no longer holds what was read, or cannot be read any more."""
        try:
            return read_configuration(self.path) != self.data
        except (OSError, FileError):
            return True


class Configuration(NamedTuple):
    """What leads the library to its file: variables for its environment, and the private directory if there is one."""

    environment: dict[str, str]
    private_folder: str | None


def open_session(path: str | None, library: str | None = None, choice: int | str | None = None) -> LiveSession:
    """Read the file at `path`: a file, a directory, or None to search as the client does. Raise FileError."""
    found = find(path, os.environ)
    data = read_configuration(found)
    document = parse(data, os.path.basename(found))
    seconds, line = timeout.configured(document)
    named = library or library_of(document)
    return LiveSession(os.path.abspath(found), data, document, seconds, line, named, choice)


def library_of(document: Document) -> str | None:
    """Return the path of the client library that section Chrystoki2 names for a 64-bit UNIX, or None."""
    return next((value for key in _LIBRARY_KEYS if (value := document.get("Chrystoki2", key))), None)


@contextmanager
def configuration(session: LiveSession, seconds: int, *, copy: bool = False) -> Iterator[Configuration]:
    """Yield what makes the library run under a statusTimeout of `seconds`: the file itself, or else a private copy.

    `copy` asks for a copy in any case. FileError where the timeout cannot be set safely.
    """
    directory, name = os.path.split(session.path)
    if not copy and name == CLIENT_NAME and session.seconds == seconds:
        yield Configuration({VARIABLE: directory}, None)
        return
    with private_copy(session.document, session.path, seconds) as private:
        yield Configuration({VARIABLE: private}, private)


@contextmanager
def target(session: LiveSession, seconds: int) -> Iterator[ProbeTarget]:
    """Yield what to probe, under a statusTimeout of `seconds`. UnavailableError where no library is known."""
    if session.library is None:
        session.usable()
    with configuration(session, seconds) as found:
        yield ProbeTarget(session.library or "", session.choice, found.environment, found.private_folder)
