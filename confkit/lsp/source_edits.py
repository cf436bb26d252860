"""From what the bytes of a file are to become to the edits that an editor makes in its text."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.syntax.document import BYTE_ORDER_MARK, splice
from confkit.core.syntax.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.core.syntax import Edit
    from confkit.lsp.open_file import OpenFile

_MOST_COMPARED = 2000  # lines; difflib takes quadratic time, and more than this becomes one edit


def edits_of(file: OpenFile, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Return the text edits that make edits of bytes; none where they change nothing that the editor shows."""
    return edits_to(file, splice(split_lines(file.source), edits))


def edits_to(file: OpenFile, source: bytes) -> list[types.TextEdit]:
    """Return the text edits, of whole lines, after which the file is `source`."""
    if file.encoding.hidden_mark:
        source = source.removeprefix(BYTE_ORDER_MARK)
    old, new = list(file.lines), _shown(file, source)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle, wanted = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(middle), len(wanted)) > _MOST_COMPARED:
        blocks = [(0, len(middle), 0, len(wanted))]
    else:
        matcher = difflib.SequenceMatcher(None, middle, wanted, autojunk=False)
        blocks = [places for tag, *places in matcher.get_opcodes() if tag != "equal"]  # type: ignore[misc]
    return [
        types.TextEdit(file.whole_lines(start + first + 1, start + last + 1), "".join(wanted[new_first:new_last]))
        for first, last, new_first, new_last in blocks
        if middle[first:last] != wanted[new_first:new_last]
    ]


def _shown(file: OpenFile, source: bytes) -> list[str]:
    """Return the lines of bytes as the editor shows them."""
    known = {file.encoding.encode(line): line for line in file.lines} if file.encoding.bad_lines else {}
    return [known.get(line) or file.encoding.decode(line) for line in split_lines(source)]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their start."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
