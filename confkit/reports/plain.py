"""Text for a terminal or a log: what a file holds cannot move the cursor, forge a line or smuggle a command in."""

from __future__ import annotations

import re

# C0, DEL, C1, the bidirectional controls (Unicode TR 36) and line separators, and what no encoder takes
# Compiled when it is first needed: that alone would take a fiftieth of the time of a short command.
_UNSAFE = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"


def plain(text: str) -> str:
    r"""Return `text` on one line, with every control character written as \xNN or \uNNNN."""
    if text.isprintable():  # then it holds none of these: they are all of the categories Other and Separator
        return text
    return re.sub(_UNSAFE, _escaped, text)


def plain_lines(text: str) -> str:
    """Return `text` with its line feeds kept and all other control characters escaped."""
    return "\n".join(map(plain, text.split("\n")))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # a byte that was not UTF-8, as Python carries it
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
