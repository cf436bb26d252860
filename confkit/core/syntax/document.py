"""The tree of one configuration file: lines, sections, entries and problems, with exact positions.

Columns here count bytes from 0 inside a line, as Python slices do; `Document.position` turns them into what a person
reads. This package is carried into modules that run on Python 3.8 with the standard library alone.
"""

# ruff: noqa: FA100 - the annotations of a NamedTuple, as strings, would be compiled at import, each by itself

import io
from typing import Iterable, List, NamedTuple, Optional, Tuple

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_LINE = 1024  # the buffer of luna_getprop; its comment says it is derived from the Luna file (sautil.c, MIT)


class Entry(NamedTuple):
    """`name = value;` in a section: `start`..`end` is all of it, `value_start`..`value_end` its value."""

    section: str
    name: str
    value: str
    line: int  # from 1, as in every tuple of this module
    start: int
    value_start: int
    value_end: int
    end: int
    terminated: bool  # in the UNIX form: ended by `;`; always true in the Windows form


class Section(NamedTuple):
    """A section: name on `line`, brace on `open_line`, last line `end_line`; `closed`: a brace ends it."""

    name: str
    line: int
    start: int
    end: int
    open_line: int
    end_line: int
    closed: bool
    entries: Tuple[Entry, ...]


class Problem(NamedTuple):
    """Something the parser met and kept as it is; `code` is stable, `key` the entry it hides or concerns."""

    code: str
    message: str
    line: int
    start: int
    end: int
    section: Optional[str] = None
    key: Optional[str] = None


class Edit(NamedTuple):
    """Bytes `start`..`end` of a line become `text`; `line` may be the one behind the last."""

    line: int
    start: int
    end: int
    text: bytes


class Document(NamedTuple):
    """One parsed file. `windows` says which form it has; `lines` are its bytes, ends included."""

    windows: bool
    lines: List[bytes]
    sections: Tuple[Section, ...]
    problems: Tuple[Problem, ...]

    def to_bytes(self) -> bytes:
        """Return the source, byte for byte."""
        out = io.BytesIO()  # a join would take 80 bytes more for every line while it runs
        out.writelines(self.lines)
        return out.getvalue()

    def same_name(self, one: str, other: str) -> bool:
        """Compare two names: case-sensitive in the UNIX form, not in the Windows form."""
        return one == other or (self.windows and one.lower() == other.lower())

    def sections_named(self, name: str) -> List[Section]:
        """Return the sections of this name, in file order; more than one is a fault of the file."""
        return [section for section in self.sections if self.same_name(section.name, name)]

    def entries(self, section: str, key: str) -> List[Entry]:
        """Return every live entry of this name in every section of that name, in file order."""
        return [
            entry
            for found in self.sections_named(section)
            for entry in found.entries
            if entry.name == key or self.same_name(entry.name, key)
        ]

    def get(self, section: str, key: str) -> Optional[str]:
        """Return the value of the first such entry, or None; the first wins in Thales' own reader (e_gem.c, MIT)."""
        found = self.entries(section, key)
        return found[0].value if found else None

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of byte `column` (from 0) of `line` (from 1)."""
        return sum(map(len, self.lines[: line - 1])) + column

    def position(self, line: int, column: int) -> Tuple[int, int]:
        """Return (line, column) from 1 as an editor counts them: in characters, a byte order mark is none."""
        before = self.lines[line - 1][:column] if line <= len(self.lines) else b""
        if line == 1 and before.startswith(BYTE_ORDER_MARK):
            before = before[len(BYTE_ORDER_MARK) :]
        return line, len(text(before)) + 1


def text(source: bytes) -> str:
    """Decode names and values so that they can be encoded again without loss."""
    return source.decode("utf-8", "surrogateescape")


def raw(value: str) -> bytes:
    """Encode what `text` decoded, or what a user typed."""
    return value.encode("utf-8", "surrogateescape")


def readable(value: str) -> str:
    r"""Return text that every reader of JSON takes: bytes that were not UTF-8 become \xNN."""
    return raw(value).decode("utf-8", "backslashreplace")


def splice(lines: List[bytes], edits: Iterable[Edit]) -> bytes:
    """Return the bytes of `lines` with edits applied that do not overlap; the order they come in does not matter."""
    edited = [*lines, b""]
    for edit in sorted(edits, reverse=True):
        line = edited[edit.line - 1]
        edited[edit.line - 1] = line[: edit.start] + edit.text + line[edit.end :]
    return b"".join(edited)
