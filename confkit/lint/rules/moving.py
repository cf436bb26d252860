"""Move a comment out of its section: when no reader can tell the difference, and the edits that do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax import Edit
from confkit.core.syntax.document import BYTE_ORDER_MARK, raw
from confkit.core.syntax.lines import line_end
from confkit.lint.context.lookalikes import (
    LONGEST_NAME,
    LONGEST_PLAIN_LINE,
    MOST_ALIKE,
    entries_by_name,
    orderly,
    spoken_for,
)
from confkit.lint.diagnostics import Fix
from confkit.lint.rules.problems import section_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.core.syntax import Document, Entry, Problem, Section
    from confkit.lint.context.lint_context import LintContext

# Whether a move is safe takes time for each; a file with more of them is not mended by moving lines.
_MOST_MOVES = 2000
_MOST_SECTION_NAMES = 100  # sought in each moved text


class Ground(NamedTuple):
    """What has to be known of a file before a comment in it can be moved."""

    document: Document
    starts: list[int]
    orderly: list[bool]
    """For each section: all readers find its bounds where confkit does, if they find it at all"""
    block_comments: bool
    entries: dict[bytes, list[Entry]]
    names: re.Pattern[bytes]
    """Matches where the name of any section begins; its group 1 is the longest one"""
    firm: bool
    """All readers find all sections where confkit does"""


def ground(context: LintContext, problems: Sequence[Problem]) -> Ground | None:
    """Return the ground on which the comments of `problems`, in the UNIX form, can be moved; None for too many."""
    if len(problems) > _MOST_MOVES:
        return None
    sections = context.document.sections
    source = context.source
    entries = entries_by_name(context.document)
    is_orderly = [orderly(context.document, section) for section in sections]
    names = sorted({raw(section.name) for section in sections}, key=len, reverse=True)
    firm = (
        context.readers_cope
        and (source.count(b"{"), source.count(b"}")) == (len(sections), len(sections))
        and all(is_orderly)
        and len(names) <= _MOST_SECTION_NAMES
        and max(map(len, context.document.lines)) <= LONGEST_PLAIN_LINE
        and max(map(len, entries), default=0) <= LONGEST_NAME
    )
    return Ground(
        document=context.document,
        starts=[section.line for section in sections],
        orderly=is_orderly,
        block_comments=b"/*" in source or b"*/" in source,
        entries=entries,
        names=re.compile(b"(?=(" + b"|".join(map(re.escape, names[:_MOST_SECTION_NAMES])) + b"))"),
        firm=firm,
    )


def move_out(land: Ground | None, line: int, start: int) -> Fix | None:
    """Return the fix that moves the comment from byte `start` of `line` to a line above the section; None if none can.

    It is safe where a reader cannot have taken the right value of an entry from the comment, and where the comment
    names no other section: pkcs11_luna takes any place with the name of a section for its beginning.
    """
    index = section_at(land.document, land.starts, line) if land else None
    if land is None or index is None or not land.orderly[index]:
        return None
    section = land.document.sections[index]
    source = land.document.lines[line - 1]
    end = len(source) - len(line_end(source))
    comment = source[start:end].strip()
    whole_line = not source[:start].strip()
    if not _ends_on_its_line(land, comment, whole_line=whole_line):
        return None
    first = len(BYTE_ORDER_MARK) if section.line == 1 and land.document.lines[0].startswith(BYTE_ORDER_MARK) else 0
    kept = len(source[:start].rstrip())
    removed = Edit(line, 0, len(source), b"") if whole_line else Edit(line, kept, end, b"")
    moved = Edit(section.line, first, first, comment + line_end(source))
    safe = land.firm and _is_silent(land, section, line, comment)
    return Fix("Move the comment above the section", safe=safe, edits=(moved, removed))


def _ends_on_its_line(land: Ground, comment: bytes, *, whole_line: bool) -> bool:
    """Return whether the comment is a whole: not a part of /* */ over several lines."""
    if whole_line:
        return not land.block_comments
    if comment.startswith(b"/*"):
        return comment.endswith(b"*/") and comment.count(b"*/") == 1 and comment != b"/*/"
    return b"*/" not in comment


def _is_silent(land: Ground, section: Section, line: int, comment: bytes) -> bool:
    """Return whether no reader that sees things right depends on where the comment stands."""
    if b"{" in comment or b"}" in comment or comment.endswith(b"="):
        return False
    if any(match[1] != raw(section.name) for match in land.names.finditer(comment)):
        return False
    source = land.document.lines[line - 1]
    after_equals = source.partition(b"=")[2]
    return all(
        len(alike) <= MOST_ALIKE and all(entry.line == line or raw(entry.value) not in after_equals for entry in alike)
        for alike in spoken_for(source, land.entries)
    )
