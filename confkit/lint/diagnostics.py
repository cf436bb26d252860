"""What the linter finds: a finding as its rule yields it, and a diagnostic as every report prints it."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

from typing import NamedTuple

from confkit.core.severity import Severity
from confkit.core.syntax import Edit


class Fix(NamedTuple):
    """Edits of the file that remove a finding.

    `safe`: every reader that reads the entry today reads the same value afterwards, and no other entry changes for
    anyone.
    """

    description: str
    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """What a rule found: a place (line from 1, byte columns from 0 in it, as in `confkit.core.syntax`) and a message.

    `first_line` is that of the first of several alike, where this is a later one. `severity` lowers the rule's own
    where the fact behind this finding is less certain; it never raises it.
    """

    message: str
    line: int
    start: int
    end: int
    section: str | None = None
    key: str | None = None
    help: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None
    first_line: int | None = None


class Diagnostic(NamedTuple):
    """A finding in a file, as it is reported: lines and columns from 1, in characters; the end column is exclusive.

    `first_line` as for a finding.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    section: str | None
    key: str | None
    help: str | None
    url: str
    fix: Fix | None
    first_line: int | None = None
