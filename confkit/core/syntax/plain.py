"""The short way through the lines of a section: plain entries are taken apart many at a time, any other line by a call.

An entry is plain when nothing about it is unusual and all of it is ASCII. Nearly every line of a real file is one.
"""

from __future__ import annotations

import re
from typing import AbstractSet, Callable, NamedTuple, Pattern, Tuple

from .document import Entry

# Indentation, name, `=` with the whitespace around it, value; four empty ones for a line that is not plain.
_Row = Tuple[str, str, str, str]
_NO_ENTRY = ("", "", "", "")

# This many lines are taken apart at a time: the cost of the call no longer shows then, and the rows take little memory.
_BATCH = 512

_LARGE = 1 << 20


class Kind(NamedTuple):
    """What a plain entry looks like in one form of the file; the groups of both patterns are those of a row."""

    line: Pattern[bytes]  # matches one line
    lines: Pattern[str]  # finds lines that follow each other, ends included; an empty one has empty groups
    behind: int  # bytes of an entry behind its value


def kind(entry: bytes, behind: int) -> Kind:
    """Return the kind whose entries match `entry`, which must not match the same bytes in two ways."""
    lines = re.compile(f"^(?:{entry.decode()}|)\r?\n", re.MULTILINE)
    return Kind(re.compile(entry + rb"(?=[\r\n]|\Z)"), lines, behind)


def texts_known(source: bytes) -> dict[str, str] | None:
    """Return where names and values are kept while this file is parsed, so that each takes memory once; None: nowhere.

    A large file repeats them, and takes a quarter less memory for it; in a small one it would only take time.
    """
    return {} if len(source) >= _LARGE else None


def entries(  # noqa: PLR0913, PLR0917 - one loop for both forms
    kind: Kind,
    lines: list[bytes],
    inside: range,
    section: str,
    skipped: AbstractSet[int],
    unusual: Callable[[int], Entry | None],
    known: dict[str, str] | None,
) -> tuple[Entry, ...]:
    """Return the entries on the lines `inside`, less those `skipped`; `unusual` is asked about each that is not plain.

    A name or a value that is `known` from elsewhere in the file is taken from there (see `texts_known`). Half the time
    of a parse goes here: so a tuple is made without Entry(...), which would take twice the time.
    """
    found = []
    make, behind = tuple.__new__, kind.behind
    for first in range(inside.start, inside.stop, _BATCH):
        numbers = range(first, min(first + _BATCH, inside.stop))
        rows = _rows(kind, lines[first - 1 : numbers.stop - 1])
        for number, (indentation, name, equals, value) in zip(numbers, rows):
            if number in skipped:
                continue
            if name:
                start = len(indentation)
                value_start = start + len(name) + len(equals)
                end = value_start + len(value)
                if known is not None:
                    name, value = known.setdefault(name, name), known.setdefault(value, value)  # noqa: PLW2901
                found.append(make(Entry, (section, name, value, number, start, value_start, end, end + behind, True)))
            else:
                entry = unusual(number)
                if entry:
                    found.append(entry)
    return tuple(found)


def _rows(kind: Kind, lines: list[bytes]) -> list[_Row]:
    rows: list[_Row] = kind.lines.findall(b"".join(lines).decode("latin-1"))
    if len(rows) == len(lines):
        return rows  # every match begins and ends where a line does, so as many matches as lines are all the lines
    return [_row(match) if match else _NO_ENTRY for match in map(kind.line.match, lines)]


def _row(match: re.Match[bytes]) -> _Row:
    indentation, name, equals, value = map(bytes.decode, match.groups())
    return indentation, name, equals, value
