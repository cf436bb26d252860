"""Columns of a line in the units that editor and server agreed on: UTF-8 bytes, UTF-16 code units or characters.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#positionEncodingKind
"""

from __future__ import annotations

from typing import Literal

Units = Literal["utf-8", "utf-16", "utf-32"]

_LAST_OF_ONE_UTF16_UNIT = "\uffff"


def width(text: str, units: Units) -> int:
    """Return how many units a text takes. A surrogate without its partner, which JSON can carry, takes one or three."""
    if units == "utf-32" or text.isascii():
        return len(text)
    return sum(map(_of_utf8 if units == "utf-8" else _of_utf16, text))


def index_at(line: str, column: int, units: Units) -> int:
    """Return the index of the character at a column from 0; a column inside a character is the character's own.

    What lies behind the end of the line, or in its line ending, is the end of its text.
    """
    end = len(line.rstrip("\r\n"))
    if units == "utf-32" or line.isascii():
        return min(column, end)
    of_character = _of_utf8 if units == "utf-8" else _of_utf16
    reached = 0
    for index, character in enumerate(line[:end]):
        reached += of_character(character)
        if reached > column:
            return index
    return end


def _of_utf8(character: str) -> int:
    return 1 if character < "\x80" else 2 if character < "\u0800" else 3 if character <= _LAST_OF_ONE_UTF16_UNIT else 4


def _of_utf16(character: str) -> int:
    return 2 if character > _LAST_OF_ONE_UTF16_UNIT else 1
