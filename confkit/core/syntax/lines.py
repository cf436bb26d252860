"""What both forms report of a line whatever it holds: encoding, TABs, length, line endings."""

from __future__ import annotations

from typing import Iterator

from .document import BYTE_ORDER_MARK, LONGEST_LINE, Problem

_ENDS = (b"\r\n", b"\n", b"\r")


def split_lines(source: bytes) -> list[bytes]:
    """Split at LF, CR LF and lone CR, and keep the ends."""
    return source.splitlines(keepends=True)


def without_mark(lines: list[bytes]) -> list[bytes]:
    """Return the lines with spaces in place of a byte order mark, so that all columns stay what they are."""
    if lines and lines[0].startswith(BYTE_ORDER_MARK):
        return [lines[0].replace(BYTE_ORDER_MARK, b" " * len(BYTE_ORDER_MARK), 1), *lines[1:]]
    return lines


def line_end(line: bytes) -> bytes:
    """Return the end of a line: CR LF, LF, CR, or nothing on a last line without one."""
    return next((end for end in _ENDS if line.endswith(end)), b"")


def byte_problems(source: bytes, lines: list[bytes]) -> Iterator[Problem]:
    """Yield what can be seen without reading the syntax; a clean file costs a few scans at the speed of C."""
    if source.startswith(BYTE_ORDER_MARK):
        yield Problem("byte-order-mark", "the file starts with a byte order mark", 1, 0, len(BYTE_ORDER_MARK))
    if b"\t" in source:
        yield from _tabs(lines)
    if not source.isascii():
        yield from _undecodable(lines)
    if b"\0" in source:
        yield from _nul_bytes(lines)
    if lines and max(map(len, lines)) > LONGEST_LINE:
        yield from _long_lines(lines)
    yield from _line_ends(source, lines)


def _tabs(lines: list[bytes]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        column = line.find(b"\t")
        if column >= 0:
            yield Problem("tab", "TAB character: the vendor allows spaces only", number, column, column + 1)


def _undecodable(lines: list[bytes]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:  # noqa: PERF203 - each line has to be tried
            yield Problem("invalid-utf8", "bytes that are not UTF-8", number, error.start, error.end)


def _nul_bytes(lines: list[bytes]) -> Iterator[Problem]:
    number = next(number for number, line in enumerate(lines, 1) if b"\0" in line)
    column = lines[number - 1].index(b"\0")
    yield Problem("nul-byte", "NUL byte: the file is binary or UTF-16", number, column, column + 1)


def _long_lines(lines: list[bytes]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            length = len(line.rstrip(b"\r\n"))
            if length > LONGEST_LINE:
                message = f"line of {length} bytes: luna_getprop reads at most {LONGEST_LINE}"
                yield Problem("long-line", message, number, LONGEST_LINE, length)


def _line_ends(source: bytes, lines: list[bytes]) -> Iterator[Problem]:
    if lines and not line_end(lines[-1]):
        last = lines[-1]
        yield Problem("no-final-line-end", "the last line has no line end", len(lines), len(last), len(last))
    if b"\r" not in source:
        return
    pairs = source.count(b"\r\n")
    counts = {b"\r\n": pairs, b"\n": source.count(b"\n") - pairs, b"\r": source.count(b"\r") - pairs}
    if sum(1 for count in counts.values() if count) > 1:
        usual = max(counts, key=lambda end: counts[end])
        for number, line in enumerate(lines, 1):
            if line_end(line) not in (usual, b""):
                width = len(line.rstrip(b"\r\n"))
                yield Problem("mixed-line-ends", "this line ends unlike the others", number, width, len(line))
                return
