"""A Kubernetes manifest as text, and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from confkit.core.errors import FileError
from confkit.core.syntax.document import BYTE_ORDER_MARK
from confkit.core.syntax.lines import split_lines

# What YAML 1.1 (5.1) leaves out. Looked for here because the two readers of PyYAML tell its place differently.
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Manifest(NamedTuple):
    """A manifest without byte order mark: `lines` with their ends, and the character that each one starts at."""

    text: str
    lines: list[str]
    starts: list[int]

    def place(self, index: int) -> tuple[int, int]:
        """Return the line and the column, both from 1, of a character."""
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def fault(self, index: int, message: str) -> FileError:
        """Return an error at a character."""
        line, column = self.place(index)
        return FileError(message, line=line, column=column)


def manifest_text(source: bytes) -> Manifest:
    """Decode a manifest. FileError, with line and column, where it is not UTF-8, or holds what YAML leaves out."""
    lines, starts, length = [], [], 0
    for number, each in enumerate(split_lines(source.removeprefix(BYTE_ORDER_MARK)) or [b""], 1):
        try:
            line = each.decode()
        except UnicodeDecodeError as error:
            column = len(each[: error.start].decode()) + 1
            raise FileError("this is not UTF-8, which YAML has to be. Fix it.", line=number, column=column) from error
        lines.append(line)
        starts.append(length)
        length += len(line)
    manifest = Manifest("".join(lines), lines, starts)
    forbidden = _NOT_YAML.search(manifest.text)
    if forbidden:
        raise manifest.fault(
            forbidden.start(), f"YAML does not allow the character U+{ord(forbidden[0]):04X}. Remove it."
        )
    return manifest
