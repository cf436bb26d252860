"""The two kinds of error that a user can fix; `confkit.cli.application` alone turns them into exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Sequence


class ConfkitError(Exception):
    """Something the user can fix. The message is one sentence that says what is wrong, and one that says what to do.

    `path`, `line` and `column` (both from 1) say where, when there is a where; the command line prints them in front.
    `details` are the reasons, where there are many: the command line prints each on a line of its own.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        details: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.details = tuple(details)

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{where}: {self.message}" if where else self.message


class UsageError(ConfkitError):
    """The command was called wrongly, or a value is out of bounds: exit code 2."""


class FileError(ConfkitError):
    """A file cannot be found, read or safely edited: exit code 3."""


class UnavailableError(ConfkitError):
    """The live side cannot answer: no library, no slot, no configuration, too few calls: exit code 3 (`check` only)."""
