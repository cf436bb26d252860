"""From what the bytes of a file are to become to the edits that an editor makes in its text."""

from __future__ import annotations

import difflib
from itertools import groupby
from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.syntax.document import BYTE_ORDER_MARK, splice
from confkit.core.syntax.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.core.syntax import Edit
    from confkit.lsp.open_file import OpenFile

_MOST_COMPARED = 100  # lines; difflib takes cubic time where lines repeat, and more than this becomes one edit


def edits_of(file: OpenFile, edits: Sequence[Edit]) -> list[types.TextEdit]:
    """Return the text edits that make edits of bytes; none where they change nothing that the editor shows.

    Only the lines from the first edit to the last are looked at: a file may have a fix for each of its lines.
    """
    if not edits:
        return []
    first = min(edit.line for edit in edits)
    last = max(edit.line for edit in edits)
    lines = file.document.lines[first - 1 : last]
    source = splice(lines, [edit._replace(line=edit.line - first + 1) for edit in edits])
    return _replaced(file, first - 1, last, source)


def edits_to(file: OpenFile, source: bytes) -> list[types.TextEdit]:
    """Return the text edits, of whole lines, after which the file is `source`."""
    return _replaced(file, 0, len(file.lines), source)


def _replaced(file: OpenFile, first: int, last: int, source: bytes) -> list[types.TextEdit]:
    """Return the text edits after which lines `first` up to `last`, from 0, are `source`."""
    if first == 0 and file.encoding.hidden_mark:
        source = source.removeprefix(BYTE_ORDER_MARK)
    old = file.lines[first:last]
    new = _shown(file, old, source)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle, wanted = old[start : len(old) - end], new[start : len(new) - end]
    first += start
    return [
        types.TextEdit(file.whole_lines(first + one + 1, first + other + 1), "".join(wanted[new_one:new_other]))
        for one, other, new_one, new_other in _blocks(middle, wanted)
    ]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which lines become which others: first and last line in both, the last ones not being a part."""
    if len(old) == len(new):  # what fixes of white space and values do
        for changed, found in groupby(range(len(old)), key=lambda number: old[number] != new[number]):
            numbers = list(found)
            if changed:
                yield numbers[0], numbers[-1] + 1, numbers[0], numbers[-1] + 1
    elif max(len(old), len(new)) > _MOST_COMPARED:
        yield 0, len(old), 0, len(new)
    else:
        for tag, *lines in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                one, other, new_one, new_other = lines
                yield one, other, new_one, new_other


def _shown(file: OpenFile, old: Sequence[str], source: bytes) -> list[str]:
    """Return the lines of bytes as the editor shows them, which shows `old` in their place."""
    known = {file.encoding.encode(line): line for line in old} if file.encoding.bad_lines else {}
    return [known.get(line) or file.encoding.decode(line) for line in split_lines(source)]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their start."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
