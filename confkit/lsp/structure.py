"""The outline of a file, what of it can be folded, and the files that it names."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.core.catalogue import entry_facts
from confkit.core.ha import unquoted
from confkit.core.redact import Redactor
from confkit.core.syntax import braces, crystoki_ini
from confkit.core.syntax.document import raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Entry, Section
    from confkit.lsp.open_file import OpenFile

_NO_NAME = "(no name)"


def symbols(file: OpenFile) -> list[types.DocumentSymbol]:
    """Return the sections with their entries; as in every list of entries, what may be a secret is hidden."""
    redactor = Redactor(file.document.lines)
    return [_section(file, section, redactor) for section in file.document.sections]


def _section(file: OpenFile, section: Section, redactor: Redactor) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=redactor.hide(section.name) or _NO_NAME,
        kind=types.SymbolKind.Namespace,
        range=types.Range(file.position(section.line, 0), _end(file, section)),
        selection_range=file.range(section.line, section.start, section.end),
        children=[
            types.DocumentSymbol(
                name=redactor.hide(entry.name),
                detail=redactor.hide_entry(entry.name, entry.value) or None,
                kind=types.SymbolKind.Property,
                range=file.range(entry.line, entry.start, entry.end),
                selection_range=file.range(entry.line, entry.start, entry.start + len(raw(entry.name))),
            )
            for entry in section.entries
        ],
    )


def _end(file: OpenFile, section: Section) -> types.Position:
    return file.position(section.end_line, len(file.document.lines[section.end_line - 1]))


def folding(file: OpenFile) -> list[types.FoldingRange]:
    """Return what can be folded: sections of more than one line, and comments of several lines."""
    return [*_sections(file), *_comments(file)]


def _sections(file: OpenFile) -> Iterator[types.FoldingRange]:
    document = file.document
    for section in document.sections:
        last = section.end_line
        while document.windows and last > section.line and not document.lines[last - 1].strip():
            last -= 1  # space between this section and the next
        last -= section.closed and not document.windows  # the closing brace stays in sight
        if last > section.line:
            yield types.FoldingRange(section.line - 1, last - 1)


def _comments(file: OpenFile) -> Iterator[types.FoldingRange]:
    document = file.document
    is_comment = crystoki_ini.is_comment if document.windows else braces.is_comment
    inside = set() if document.windows else braces.comment_lines(file.source, document.lines)
    numbered = enumerate(document.lines)
    for commented, found in groupby(numbered, key=lambda each: each[0] + 1 in inside or is_comment(each[1])):
        lines = [number for number, _ in found]
        if commented and len(lines) > 1:
            yield types.FoldingRange(lines[0], lines[-1], kind=types.FoldingRangeKind.Comment)


def links(file: OpenFile) -> list[types.DocumentLink]:
    """Return a link for each known entry that names a file or a directory that exists on this host."""
    windows = file.document.windows
    found = []
    for entry in (entry for section in file.document.sections for entry in section.entries):
        path = unquoted(entry.value)
        if os.path.isabs(path) and "\0" not in path and _is_path(entry, windows=windows) and os.path.exists(path):
            target = file.range(entry.line, entry.value_start, entry.value_end)
            found.append(types.DocumentLink(target, target=Path(path).as_uri()))
    return found


def _is_path(entry: Entry, *, windows: bool) -> bool:
    facts = entry_facts(entry.section, entry.name, windows=windows)
    return facts is not None and facts.type == "path" and not facts.secret
