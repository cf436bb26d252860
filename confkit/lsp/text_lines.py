"""The text of an open file as lines, which end as the protocol says: with LF, CR LF or CR, and with nothing else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from confkit.lsp.positions import index_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lsp.positions import Units


class Change(NamedTuple):
    """What an editor replaces by `text`: from (line, column) to (end_line, end_column), from 0, in its units."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def split(text: str) -> list[str]:
    """Return the lines of a text with their endings. `str.splitlines` knows many more endings, form feed for one."""
    return list(io.StringIO(text, newline=""))


def changed(lines: Sequence[str], change: Change, units: Units) -> list[str]:
    """Return the lines after a change. A place behind the last line is the end of the text."""
    first, before = _cut(lines, change.line, change.column, units)
    last, after = _cut(lines, change.end_line, change.end_column, units)
    head = [*lines[:first]]
    middle = (lines[first][:before] if first < len(lines) else "") + change.text
    middle += lines[last][after:] if last < len(lines) else ""
    if head and not head[-1].endswith("\n"):
        middle = head.pop() + middle  # a CR that meets an LF, or the last line, which had no ending
    return [*head, *split(middle), *lines[last + 1 :]]


def _cut(lines: Sequence[str], line: int, column: int, units: Units) -> tuple[int, int]:
    if line >= len(lines):
        return len(lines), 0
    return line, index_at(lines[line], column, units)
