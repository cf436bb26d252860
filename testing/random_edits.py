"""Random edits of an open file, and the same edits made in one string: both have to stay the same."""

from __future__ import annotations

from random import Random

from confkit.core.syntax import parse
from confkit.lsp.open_file import OpenFile
from confkit.lsp.positions import Units, index_at, width
from confkit.lsp.text_lines import Change, split

PIECES = (
    *("Misc = {\n", "}\n", "\r\n", "\r", "\n", ";", "=", " ", "\t", "x", "[Misc]\n", "# note\n", "/*", "*/"),
    *("  ToolsDir = /usr;\n", "é", "€", "\U0001f511", "\x0c", "\x85", "\u2028", "\ufeff", '"', "{", "", ""),
)


def random_change(lines: list[str], rng: Random, units: Units) -> Change:
    """Return a change from one place of the text to a later one."""
    first = rng.randint(0, len(lines))
    last = min(len(lines), first + rng.choice((0, 0, 0, 1, 2)))
    start, end = (_column(lines, line, rng, units) for line in (first, last))
    if first == last:
        start, end = min(start, end), max(start, end)
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 3)))
    return Change(first, start, last, end, text)


def _column(lines: list[str], line: int, rng: Random, units: Units) -> int:
    if line >= len(lines):
        return 0
    text = lines[line].rstrip("\r\n")
    return width(text[: rng.randint(0, len(text))], units)


def drifted(text: str, rng: Random, units: Units, edits: int, *, parses: bool = True) -> str | None:
    """Make random edits of a text; return None, or what differs from the same edits in one string, read afresh."""
    file = OpenFile("file:///x/Chrystoki.conf", "/x/Chrystoki.conf", "chrystoki", 0, split(text), units)
    for number in range(edits):
        lines = split(text)
        change = random_change(lines, rng, units)
        start, end = (_offset(lines, *place, units) for place in (change[:2], change[2:4]))
        text = text[:start] + change.text + text[end:]
        if len(text) > 3000:
            change, text = Change(0, 0, len(lines), 0, ""), ""
        file = file.after(number + 1, [change])
        if "".join(file.lines) != text or list(file.lines) != split(text):
            return f"edit {number}: {change}"
        if parses and file.document != parse(text.encode(), "Chrystoki.conf"):
            return f"edit {number}: {change}: another tree"
    return None


def _offset(lines: list[str], line: int, column: int, units: Units) -> int:
    before = sum(map(len, lines[:line]))
    return before + (index_at(lines[line], column, units) if line < len(lines) else 0)
