"""Which braces of a UNIX-form file open and close a section, and what stands on their lines.

    header  = name "=" "{"          one line, or the brace alone on the next
    closing = "}" [";"]

A line holds one thing: a header, an entry or a closing brace. Whatever else stands on a line with a brace is reported
and not read; luna_getprop, too, reads no entry on the line of a header (e_gem.c, MIT).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from .document import Problem, text

# A header and a closing brace with nothing unusual about them, in one step: nearly all of a real file.
_PLAIN_HEADER = re.compile(rb" *([A-Za-z0-9_.-]+(?: [A-Za-z0-9_.-]+){0,9}) *= *\{\s*\Z")
_PLAIN_CLOSING = re.compile(rb" *\};?\s*\Z")
_OPENING, _CLOSING = b"{}"  # as integers: these are found in a line nine times as fast as bytes of length one

_TOKEN = re.compile(rb"[{};]")
_TRAILING_COMMENT = re.compile(rb"[;{}][ \t]*(?=#|//|/\*)")
_COMMENT_STARTS = (b"#", b"//", b"/*")

# No file holds this many braces and semicolons on a line; a line of a million would cost minutes to report.
_MOST_TOKENS = 1000

_BRACE_BELOW = "the brace stands on the line after the name"
_NO_EQUALS = "no `=` between the name and the brace"
_NOT_OPEN = "closing brace without an open section"
_BESIDE_BRACE = "this stands on one line with a brace and is not read"


class Block(NamedTuple):
    """A pair of braces; `close_line` is 0 where the closing one is missing. `start`..`end` is the name on `line`."""

    name: str
    line: int
    start: int
    end: int
    open_line: int
    close_line: int
    outer: str | None  # the section it is nested in


class Braces(NamedTuple):
    """All blocks in file order, the lines they took, and what was wrong with them."""

    blocks: list[Block]
    taken: set[int]
    problems: list[Problem]


def is_comment(line: bytes) -> bool:
    """Return whether a line starts as a comment. The client's comment syntax is not documented; these are seen."""
    return line.lstrip().startswith(_COMMENT_STARTS)


def comment_lines(source: bytes, lines: list[bytes]) -> set[int]:
    """Return the lines inside /* */ that starts a line; without an end the comment is its first line alone."""
    found: set[int] = set()
    if b"/*" not in source:
        return found
    last_end = max((number for number, line in enumerate(lines, 1) if b"*/" in line), default=0)
    inside = False
    for number, line in enumerate(lines, 1):
        opens = not inside and line.lstrip().startswith(b"/*")
        if inside or opens:
            found.add(number)
            body = line.lstrip()[2:] if opens else line
            inside = b"*/" not in body and number < last_end
    return found


def code_of(line: bytes) -> bytes:
    """Return the line without its end and without a comment that follows `;` or a brace."""
    match = _TRAILING_COMMENT.search(line)
    return (line[: match.end()] if match else line).rstrip()


def find_braces(lines: list[bytes], comments: set[int]) -> Braces:
    """Match the braces of the whole file; each closing one ends the nearest open block."""
    numbers = [number for number, line in enumerate(lines, 1) if _OPENING in line or _CLOSING in line]
    plain = [] if comments else _plain_blocks(lines, numbers)
    read = 2 * len(plain)
    scan = _Scan(lines, comments, set(numbers[:read]))
    for number in numbers[read:]:
        line = lines[number - 1]
        if number not in comments and not is_comment(line):
            scan.line(number, line)
    return Braces(plain + scan.blocks(), scan.taken, scan.problems)


def _plain_blocks(lines: list[bytes], numbers: list[int]) -> list[Block]:
    """Return the blocks before the first line with a brace that is not a plain header or the plain end of one."""
    blocks = []
    for opening, closing in zip(numbers[::2], numbers[1::2]):
        header = _PLAIN_HEADER.match(lines[opening - 1])
        if not header or not _PLAIN_CLOSING.match(lines[closing - 1]):
            break
        blocks.append(Block(header.group(1).decode(), opening, *header.span(1), opening, closing, None))
    return blocks


class _Scan:
    """The open blocks while the file is read from top to bottom."""

    def __init__(self, lines: list[bytes], comments: set[int], taken: set[int]) -> None:
        self.lines = lines
        self.comments = comments
        self.open: list[tuple[int, Block]] = []  # with the order of the opening brace among all braces
        self.closed: list[tuple[int, int, Block]] = []  # with the order of the opening and the closing brace
        self.order = 0
        self.taken = taken
        self.problems: list[Problem] = []

    def line(self, number: int, line: bytes) -> None:
        code = code_of(line)
        structural = _end_of_value(code, nested=bool(self.open))
        if b"{" not in code[structural:] and b"}" not in code[structural:]:
            return
        self.taken.add(number)
        reached = 0
        for token in islice(_TOKEN.finditer(code), _MOST_TOKENS):
            sign = token.group()
            if sign != b";" and token.start() < structural:
                continue
            if sign == b"{":
                self.opened(number, code, reached, token.start())
            else:
                self.beside(number, code, reached, token.start())
            if sign == b"}":
                self.closing(number, token.start())
            reached = token.end()
        self.beside(number, code, reached, len(code))

    def opened(self, number: int, code: bytes, start: int, end: int) -> None:
        self.order += 1
        piece = code[start:end].rstrip()
        bare, equals = _before_equals(piece)
        name, line = bare.strip(), number
        first = start + len(bare) - len(bare.lstrip())
        if not name and not code[:end].strip():
            line, name, equals = self.name_above(number)
            first = self.lines[line - 1].index(name) if name else end
        if line != number:
            self.taken.add(line)
            self.problems.append(Problem("brace-on-next-line", _BRACE_BELOW, number, end, end + 1, text(name)))
        block = Block(text(name), line, first, first + len(name), number, close_line=0, outer=None)
        if name and not equals:
            self.problems.append(Problem("header-without-equals", _NO_EQUALS, line, first, block.end, block.name))
        self.open.append((self.order, block))

    def name_above(self, number: int) -> tuple[int, bytes, bool]:
        """Return line, name and whether `=` follows it, for a brace that stands alone: the text above it."""
        for line in range(number - 1, 0, -1):
            above = self.lines[line - 1].strip()
            if not above:
                continue
            bare, equals = _before_equals(above)
            if line in self.taken or line in self.comments or not bare or is_comment(above) or set(b"=;") & set(bare):
                break
            return line, bare, equals
        return number, b"", True

    def closing(self, number: int, column: int) -> None:
        self.order += 1
        if self.open:
            order, block = self.open.pop()
            self.closed.append((order, self.order, block._replace(close_line=number)))
        else:
            self.problems.append(Problem("stray-brace", _NOT_OPEN, number, column, column + 1))

    def beside(self, number: int, code: bytes, start: int, end: int) -> None:
        piece = code[start:end].strip()
        if piece:
            first = start + len(code[start:end]) - len(code[start:end].lstrip())
            key, equals, _ = piece.partition(b"=")
            section, hidden = self.open[-1][1].name if self.open else None, text(key.strip()) if equals else None
            end = first + len(piece)
            self.problems.append(Problem("text-beside-brace", _BESIDE_BRACE, number, first, end, section, hidden))

    def blocks(self) -> list[Block]:
        found = self.closed + [(order, 0, block) for order, block in self.open]
        blocks = []
        outer_end = 0
        outer: str | None = None
        for order, close_order, block in sorted(found):
            inside = outer if order < outer_end else None
            if inside is None:
                outer_end, outer = close_order, block.name
            blocks.append(block._replace(outer=inside))
        return blocks


def _before_equals(piece: bytes) -> tuple[bytes, bool]:
    """Return what stands before the `=` that ends `piece`, and whether there is one."""
    return (piece[:-1].rstrip(), True) if piece.endswith(b"=") else (piece, False)


def _end_of_value(code: bytes, *, nested: bool) -> int:
    """Return where structural braces may begin: behind the value in an entry whose value holds braces, else 0."""
    head, equals, rest = code.partition(b"=")
    if not equals or b"{" in head or b"}" in head:
        return 0
    untrimmed = rest.partition(b";")[0]
    value = untrimmed.strip()
    braces = value.count(b"{"), value.count(b"}")
    if not value or (value.endswith(b"}") and braces[0] < braces[1]):
        return 0
    if value.startswith(b"{") and not (nested and braces[0] == braces[1]):
        return 0
    return len(head) + 1 + len(untrimmed) if any(braces) else 0
