"""The lines of one file as reports may quote them: secrets redacted, positions kept."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from confkit.core.escape import escape
from confkit.core.redact import Redactor
from confkit.core.syntax.document import BYTE_ORDER_MARK, readable, text
from confkit.core.syntax.lines import split_lines

if TYPE_CHECKING:
    from confkit.core.syntax import Document
    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.results import Fixed

# In characters: a hostile name holds megabytes, and a message may hold a name.
_MAX_NAME = 500
_MAX_MESSAGE = 500


class Source:
    """One file, read line by line; the line asked for last is kept, since findings come by line.

    Where it was `fixed`, the secrets of the text before are hidden too: a fix may part one from its name.
    """

    def __init__(self, document: Document | None, fixed: Fixed | None = None) -> None:
        self.lines = document.lines if document else []
        self._before = fixed.before if fixed else b""
        self._number = 0
        self._line = self._quoted = ""

    @cached_property
    def _redactor(self) -> Redactor:
        return Redactor(self.lines, split_lines(self._before))  # only once there is something to quote

    def has(self, number: int) -> bool:
        """Return whether the file has this line; a finding in an empty file stands on line 1 all the same."""
        return 1 <= number <= len(self.lines)

    def line(self, number: int) -> str:
        """Return a line as `Document.position` counts its columns: without byte order mark and line end."""
        self._turn_to(number)
        return self._line

    def quoted(self, number: int) -> str:
        """Return a line with its secrets redacted; `quoted_span` finds places in it."""
        self._turn_to(number)
        return self._quoted

    def hide(self, shown: str) -> str:
        """Return a text with the secrets of this file redacted."""
        return self._redactor.hide(shown)

    def sentence(self, message: str) -> str:
        """Return a message for people: secrets hidden, on one line, control characters escaped, not endless."""
        hidden = escape(self.hide(message)[: _MAX_MESSAGE + 1])
        return hidden if len(hidden) <= _MAX_MESSAGE else hidden[:_MAX_MESSAGE] + "..."

    def advice(self, finding: Diagnostic) -> str:
        """Return message and help of a finding as one line of sentences."""
        message = self.sentence(finding.message)
        stop = "" if message.endswith((".", "!", "?")) else "."
        return f"{message}{stop} {self.sentence(finding.help)}" if finding.help else f"{message}{stop}"

    def name(self, name: str) -> str:
        """Return the name of a section or an entry as data: as it is, but for secrets in a name gone wrong.

        What is longer than any name is cut.
        """
        hidden = self.hide(name)
        return readable(hidden if len(hidden) <= _MAX_NAME else f"{hidden[:_MAX_NAME]}...")

    def _turn_to(self, number: int) -> None:
        if number != self._number:
            line = self.lines[number - 1] if self.has(number) else b""
            self._number = number
            self._line = text(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).rstrip("\r\n")
            self._quoted = self._redactor.hide_line(self._line)


def quoted_span(line: str, quoted: str, start: int, end: int) -> tuple[int, int]:
    """Return where characters `start`..`end` of `line` stand in `quoted`, which has one part of it masked.

    A place inside that part becomes all of the mask.
    """
    if line == quoted:
        return start, end
    head = _common_start(line, quoted)
    tail = _common_start(line[head:][::-1], quoted[head:][::-1])
    shift, mask_end = len(quoted) - len(line), len(line) - tail
    first = start if start <= head else start + shift if start >= mask_end else head
    last = end if end <= head else end + shift if end >= mask_end else mask_end + shift
    return first, max(first, last)


def utf16(line: str, column: int) -> int:
    """Turn a column from 1 in characters into one from 1 in UTF-16 code units."""
    before = line[: column - 1]
    return column if before.isascii() else column + sum(character > "\uffff" for character in before)


def _common_start(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect_left(lengths, True, key=lambda length: one[:length] != other[:length])  # noqa: FBT003
