"""A file that is open in an editor: one version of its text, the bytes that it stands for, and places in both."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.syntax import Document, parse
from confkit.core.syntax.document import BYTE_ORDER_MARK, raw, text
from confkit.lint.discover import is_meant
from confkit.lint.environment.detect import environment_form, is_manifest
from confkit.lsp.file_encoding import UTF8, FileEncoding
from confkit.lsp.positions import Units, index_at, width
from confkit.lsp.text_lines import Change, changed, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.lint.diagnostics import Diagnostic

LANGUAGE = "chrystoki"  # what editors call a file of either form; see integrations/editors


@dataclass(frozen=True, eq=False)
class OpenFile:
    """One version of a file. Lines in here count from 1, and columns in bytes from 0, as in `confkit.core.syntax`."""

    uri: str
    path: str
    language: str
    version: int
    lines: Sequence[str]
    units: Units = "utf-16"
    encoding: FileEncoding = UTF8

    def after(self, version: int, changes: Sequence[Change | str]) -> OpenFile:
        """Return the file after changes, in their order; a text is that of the whole file."""
        lines = self.lines
        for change in changes:
            lines = split(change) if isinstance(change, str) else changed(lines, change, self.units)
        return replace(self, version=version, lines=lines)

    @property
    def is_client_file(self) -> bool:
        """Whether the editor was told that this is a file of the client."""
        return self.language == LANGUAGE

    @cached_property
    def is_configuration(self) -> bool:
        """Whether this is a configuration file itself, in either form, and not one that holds or leads to one."""
        if self.is_client_file:
            return True
        source = self.source
        return (
            not is_manifest(self.path, source)
            and environment_form(self.path, source) is None
            and is_meant(self.path, source)
        )

    @cached_property
    def source(self) -> bytes:
        """The bytes that saving would write."""
        encoding = self.encoding
        mark = BYTE_ORDER_MARK if encoding.hidden_mark else b""
        if encoding.codec == "utf-8" and not encoding.bad_lines:
            return mark + "".join(self.lines).encode("utf-8", "surrogatepass")
        return mark + b"".join(map(encoding.encode, self.lines))

    @cached_property
    def document(self) -> Document:
        """The parsed file."""
        return parse(self.source, os.path.basename(self.path))

    def place(self, position: types.Position) -> tuple[int, int]:
        """Return the line and the byte of a position; behind the last line, the end of the file."""
        if position.line >= len(self.lines):
            return len(self.lines) + 1, 0
        line = self.lines[position.line]
        before = index_at(line, position.character, self.units)
        return position.line + 1, self._mark(position.line + 1) + self.encoding.length_of(line, before)

    def position(self, line: int, column: int) -> types.Position:
        """Return the position of a byte of a line; behind the last line, or behind a line's end, the end of it."""
        if line > len(self.lines):
            return self._end()
        shown = self.lines[line - 1]
        column = max(0, column - self._mark(line))
        if shown.isascii():
            return types.Position(line - 1, min(column, len(shown.rstrip("\r\n"))))
        before = self.encoding.decode(self.encoding.encode(shown)[:column]).rstrip("\r\n")
        return types.Position(line - 1, width(before, self.units))

    def range(self, line: int, start: int, end: int) -> types.Range:
        """Return the range of bytes `start`..`end` of a line."""
        return types.Range(self.position(line, start), self.position(line, end))

    def range_of(self, finding: Diagnostic) -> types.Range:
        """Return the range of a finding, whose columns count characters."""
        start = self._byte(finding.line, finding.column)
        end = self._byte(finding.end_line, finding.end_column)
        return types.Range(self.position(finding.line, start), self.position(finding.end_line, end))

    def whole_lines(self, first: int, last: int) -> types.Range:
        """Return the range of the lines from `first` up to `last`, which is not a part of it, with their endings."""
        end = types.Position(last - 1, 0) if last <= len(self.lines) else self._end()
        return types.Range(types.Position(first - 1, 0) if first <= len(self.lines) else self._end(), end)

    def _end(self) -> types.Position:
        if not self.lines or self.lines[-1].endswith(("\n", "\r")):
            return types.Position(len(self.lines), 0)
        return types.Position(len(self.lines) - 1, width(self.lines[-1], self.units))

    def _mark(self, line: int) -> int:
        return len(BYTE_ORDER_MARK) if line == 1 and self.encoding.hidden_mark else 0

    def _byte(self, line: int, column: int) -> int:
        """Return the byte of a column from 1, in characters, a byte order mark being none."""
        if line > len(self.lines):
            return 0
        source = self.encoding.encode(self.lines[line - 1])
        # one that is shown is a character of the text, and none of the column
        shown_mark = len(BYTE_ORDER_MARK) if line == 1 and source.startswith(BYTE_ORDER_MARK) else 0
        before = text(source[shown_mark:])[: column - 1]
        return self._mark(line) + shown_mark + len(raw(before))
