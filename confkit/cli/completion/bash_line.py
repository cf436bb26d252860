"""The command line as bash has it before it expands anything, and candidates as bash wants them.

bash gives a completion function the line as it is typed, and replaces the end of it: from the last unquoted word break
(`=` and `:` are some) or quotation mark, which stays.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SPECIAL = re.compile(r"""[\s"'\\$`&|;<>()*?\[\]{}!#~]""")
_PIECES = re.compile(
    r"""(?P<space>\s+)|(?P<quote>["'])(?:(?<=")(?:\\.|[^"\\])*(?P<end>"?)|(?<=')[^']*(?P<end2>'?))|\\.?|.""", re.DOTALL
)
_IN_DOUBLE_QUOTES = re.compile(r'["\\$`]')


class Line(NamedTuple):
    """The words before the cursor without their quotes, and the one at the cursor.

    `quote` is the quotation mark that is open, `kept` how many characters of the current word bash leaves in place.
    """

    words: list[str]
    current: str
    quote: str
    kept: int


def split(line: str, breaks: str) -> Line:
    """Split a line up to the cursor into words; `breaks` are bash's COMP_WORDBREAKS."""
    words: list[str] = []
    word, begun, kept = "", False, 0
    quote = ""
    for match in _PIECES.finditer(line):
        piece = match[0]
        if match["space"] and begun:
            words.append(word)
        if match["space"]:
            word, begun, kept = "", False, 0
            continue
        begun = True
        if match["quote"]:
            # the rest of the line where the quotation mark is still open
            kept = len(word)
            closed = bool(match["end"] or match["end2"])
            quote = "" if closed else match["quote"]
            inside = piece[1:-1] if closed else piece[1:]
            word += re.sub(r"\\(.)", r"\1", inside) if match["quote"] == '"' else inside
        else:
            word += piece.removeprefix("\\")
            if piece in "=:" and piece in breaks:
                kept = len(word)
    return Line(words, word, quote, kept)


def reply(line: Line, value: str) -> str:
    """Return a candidate as bash inserts it: quoted as the word at the cursor is, without what stays in place."""
    rest = value[line.kept :]
    if line.quote == "'":
        return rest.replace("'", "'\\''")
    if line.quote == '"':
        return _IN_DOUBLE_QUOTES.sub(r"\\\g<0>", rest)
    return _SPECIAL.sub(r"\\\g<0>", rest)
