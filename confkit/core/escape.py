"""Text for a terminal or a log: what a file holds cannot move the cursor, forge a line or smuggle a command in."""

from __future__ import annotations

from functools import lru_cache

# First and last of C0, DEL and C1, of the bidirectional controls (Unicode TR 36) and line separators, and of what no
# encoder takes
_UNSAFE = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x061C, 0x061C),
    (0x200E, 0x200F),
    (0x2028, 0x202E),
    (0x2066, 0x2069),
    (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF),
)


def plain(text: str) -> str:
    r"""Return `text` on one line, with every control character written as \xNN or \uNNNN."""
    if text.isprintable():  # then it holds none of these: they are all of the categories Other and Separator
        return text
    return text.translate(_escapes())


def plain_lines(text: str) -> str:
    """Return `text` with its line feeds kept and all other control characters escaped."""
    return "\n".join(map(plain, text.split("\n")))


@lru_cache(maxsize=None)
def _escapes() -> dict[int, str]:
    # made when it is first needed: in a short command hardly ever
    return {code: _escape(code) for first, last in _UNSAFE for code in range(first, last + 1)}


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # a byte that was not UTF-8, as Python carries it
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
