"""From a place in an embedded configuration file to the place in the manifest, and what of a manifest may be quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.redact import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.lint.environment.manifest_text import Manifest
    from confkit.lint.environment.manifest_tree import Node

# The header of a literal block: anchor and tag in front of it, on lines above too, and a comment behind.
_LITERAL = re.compile(r"(?:[&!]\S*\s+)*\|[^\r\n]*(?:\r\n|\r|\n)")
_QUOTES = ("", '"', "'")
_BREAK = re.compile("[\n\r\x85\u2028\u2029]")


class Lines(NamedTuple):
    """Where an embedded file stands: `number` lines from line `first` on, each behind `indent` characters."""

    first: int
    indent: int
    number: int


def lines_of(manifest: Manifest, node: Node) -> Lines | None:
    """Return where the lines of a text stand, or None where the manifest does not have them as they are.

    A literal block has them, and so has a text on one line without escapes. Whatever the header says of indentation and
    of line endings, every line is compared.
    """
    if node.style == "|":
        return _literal(manifest, node)
    if node.style in _QUOTES and node.text and not _BREAK.search(node.text):
        quoted = f"{node.style}{node.text}{node.style}"
        if manifest.text.startswith(quoted, node.end - len(quoted)):
            line, column = manifest.place(node.end - len(quoted) + len(node.style))
            return Lines(line, column - 1, 1)
    return None


def _literal(manifest: Manifest, node: Node) -> Lines | None:
    header = _LITERAL.match(manifest.text, node.start)
    wanted = node.text.removesuffix("\n").split("\n")
    if header is None or not node.text.strip("\n") or node.text.startswith("\ufeff"):
        return None
    first, _ = manifest.place(header.end())
    found = [line.rstrip("\r\n") for line in manifest.lines[first - 1 : first - 1 + len(wanted)]]
    indent = next(len(line) - len(text) for line, text in zip(found, wanted, strict=False) if text)
    same = [line[indent:] == text and not line[:indent].strip(" ") for line, text in zip(found, wanted, strict=False)]
    return Lines(first, indent, len(wanted)) if len(found) == len(wanted) and all(same) else None


def span(manifest: Manifest, node: Node) -> tuple[int, int, int]:
    """Return line, column and end column (exclusive) of the beginning of a value, up to the end of its first line."""
    line, column = manifest.place(node.start)
    width = len(manifest.lines[line - 1].rstrip("\r\n"))
    return line, column, max(column, min(width + 1, column + node.end - node.start))


def quotable(manifest: Manifest, raw: Iterable[bytes], hidden: Iterable[Node]) -> list[bytes]:
    """Return the lines of the manifest with those masked that a node of `hidden` touches; what indents them stays."""
    lines = list(raw)
    for node in hidden:
        first, _ = manifest.place(node.start)
        last, _ = manifest.place(node.start + len(manifest.text[node.start : node.end].rstrip()))
        for number in range(first - 1, last):
            lines[number] = _masked(lines[number])
    return lines


def _masked(line: bytes) -> bytes:
    rest = line.lstrip(b" ")
    return line[: len(line) - len(rest)] + MASK.encode() + b"\n"
