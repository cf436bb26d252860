"""Edits of a document: each is the smallest splice that does it, or is refused with the lines that make it unsafe.

`set_value` and `unset_value` return the splices; `set_entry` and `unset_entry` return the edited document.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from . import chrystoki
from .document import Document, Edit, Entry, Section, raw, splice, text
from .lines import line_end

_CONTROL = frozenset(map(chr, (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)))  # control characters and line separators
_ENDS_A_NAME = frozenset("={};[]")
_UNSAFE = {
    "unclosed-section": "is not closed",
    "nested-block": "holds a nested block",
    "text-beside-brace": "shares a line with a brace",
}
_HIDING = frozenset({"text-after-semicolon", "stray-text", "text-beside-brace"})  # an entry in there is not read


class NotAllowedError(ValueError):
    """A name or value that this form of the file cannot hold."""


class EditRefusedError(Exception):
    """The file is not safe to edit here; `lines` (from 1) say where."""

    def __init__(self, reason: str, lines: tuple[int, ...]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lines = lines


class _Style(NamedTuple):
    """How a file writes an entry and a header."""

    indentation: bytes
    equals_column: int  # counted from the name, where the `=` signs are aligned; else 0
    before_equals: bytes
    after_equals: bytes
    end: bytes


def set_entry(document: Document, section: str, key: str, value: str) -> Document:
    """Return the document with this entry set; the same document when it already has this value.

    Raises NotAllowedError for a name or value that cannot be written, EditRefusedError where the file is not safe to
    edit.
    """
    return edited(document, set_value(document, section, key, value))


def unset_entry(document: Document, section: str, key: str) -> Document:
    """Return the document without this entry (every live one of the name); raises EditRefusedError."""
    return edited(document, unset_value(document, section, key))


def set_value(document: Document, section: str, key: str, value: str) -> list[Edit]:
    """Return the edits that set an entry: its value's bytes alone, or one new line, or one new section at the end."""
    _check_text(document, section, key, value)
    _refuse_unreadable(document)
    sections = document.sections_named(section)
    for found in sections:
        _refuse_unsafe(document, found, key)
    live = document.entries(section, key)
    if len(live) > 1:
        raise EditRefusedError(f"{key} stands more than once in section {section}", tuple(entry.line for entry in live))
    if live:
        return _change(document, live[0], value)
    if len(sections) > 1:
        raise EditRefusedError(f"section {section} stands more than once", tuple(found.line for found in sections))
    if sections:
        return [_new_entry(document, sections[0], key, value)]
    return [_new_section(document, section, key, value)]


def unset_value(document: Document, section: str, key: str) -> list[Edit]:
    """Return the edits that remove every live entry of this name, if any; a comment behind one stays.

    One that stands only where it is not read is not absent: raises EditRefusedError.
    """
    _refuse_unreadable(document)
    sections = document.sections_named(section)
    for found in sections:
        _refuse_unsafe(document, found, key)
    live = document.entries(section, key)
    if not live:
        _refuse_outside(document, key)
    if not sections:
        _refuse_hidden(document, section)
    return [edit for entry in live for edit in _removal(document, entry)]


def remove_empty_section(document: Document, name: str) -> Document:
    """Return the document without a section that holds nothing at all, and without the empty line that sets it apart.

    Undoes what `set_entry` does where the section is missing. The same document where there is no such section, more
    than one, or one that holds anything, a comment included.
    """
    sections = document.sections_named(name)
    if len(sections) != 1 or not _holds_nothing(document, sections[0]):
        return document
    first, last = sections[0].line, sections[0].end_line
    others = document._replace(sections=tuple(each for each in document.sections if each is not sections[0]))
    if first > 1 and others.sections and _sections_set_apart(others) and not document.lines[first - 2].strip():
        first -= 1
    edits = [Edit(number, 0, len(document.lines[number - 1]), b"") for number in range(first, last + 1)]
    if not line_end(document.lines[last - 1]) and first > 1:
        before = document.lines[first - 2]
        edits.append(Edit(first - 1, len(before) - len(line_end(before)), len(before), b""))
    return edited(document, edits)


def _holds_nothing(document: Document, section: Section) -> bool:
    if section.entries or (not document.windows and (not section.closed or section.end_line != section.open_line + 1)):
        return False
    lines = (document.lines[number - 1] for number in range(section.line, section.end_line + 1))
    header, *others = (text(line).strip() for line in lines)
    if document.windows:
        return header == f"[{section.name}]" and not any(others)
    return others[-1] == "}" and all(other in {"", "{", "}"} for other in others)


def edited(document: Document, edits: list[Edit]) -> Document:
    """Return the document after edits that do not overlap, in the same form; the same document without edits."""
    if not edits:
        return document
    source = splice(document.lines, edits)
    if document.windows:
        from . import crystoki_ini  # noqa: PLC0415 - a run that edits the UNIX form does without

        return crystoki_ini.parse(source)
    return chrystoki.parse(source)


def _check_text(document: Document, section: str, key: str, value: str) -> None:
    for what, name in (("section", section), ("entry", key)):
        if not may_be_a_name(name):
            raise NotAllowedError(f"{name!r} cannot be the name of a {what}".replace("a entry", "an entry"))
    if value != value.strip() or not _CONTROL.isdisjoint(value):
        raise NotAllowedError(
            "a value holds no control characters, TABs or line breaks and does not start or end with whitespace"
        )
    if not document.windows and not {*";{}"}.isdisjoint(value):
        raise NotAllowedError(
            "a value in the UNIX form cannot hold `;`, `{` or `}`: the entry or the section would end there"
        )
    if not document.windows and value.count('"') % 2:
        raise NotAllowedError("a quotation mark in the value is not closed")


def may_be_a_name(name: str) -> bool:
    """Return whether a section or an entry of either form can have this name: no reader takes it for anything else."""
    if name != name.strip() or name.startswith(("#", "//", "/*")):
        return False
    return bool(name) and _CONTROL.isdisjoint(name) and _ENDS_A_NAME.isdisjoint(name)


def _refuse_unreadable(document: Document) -> None:
    lines = tuple(problem.line for problem in document.problems if problem.code == "nul-byte")
    if lines:
        raise EditRefusedError("the file holds NUL bytes (binary, or UTF-16: save it as UTF-8 first)", lines)


def _refuse_unsafe(document: Document, section: Section, key: str) -> None:
    """Refuse where the section's bounds are uncertain, or where it holds this key in a place that is not read."""
    for problem in document.problems:
        if problem.section is None or not document.same_name(problem.section, section.name):
            continue
        reason = None if document.windows else _UNSAFE.get(problem.code)
        if reason:
            raise EditRefusedError(f"section {section.name} {reason}", (section.line, problem.line))
        if problem.code in _HIDING and problem.key is not None and document.same_name(problem.key, key):
            raise EditRefusedError(f"{key} stands where it is not read", (problem.line,))


def _refuse_outside(document: Document, key: str) -> None:
    """Refuse where this key stands in no section."""
    codes = {*_HIDING, "entry-outside-section"}
    for problem in document.problems:
        outside = problem.section is None and problem.code in codes
        if outside and problem.key is not None and document.same_name(problem.key, key):
            raise EditRefusedError(f"{key} stands where it is not read", (problem.line,))


def _change(document: Document, entry: Entry, value: str) -> list[Edit]:
    for problem in document.problems:
        if problem.code == "unbalanced-quote" and problem.line == entry.line:
            raise EditRefusedError(
                f"where the value of {entry.name} ends is uncertain: {problem.message}", (entry.line,)
            )
    if entry.value == value:
        return []
    return [Edit(entry.line, entry.value_start, entry.value_end, raw(value))]


def _new_entry(document: Document, section: Section, key: str, value: str) -> Edit:
    """Write the entry after the section's last one, or after its header."""
    if section.closed and section.open_line == section.end_line and not document.windows:
        raise EditRefusedError(f"section {section.name} stands on one line", (section.line,))
    last = section.entries[-1] if section.entries else None
    if last and not last.terminated:
        raise EditRefusedError(f"{last.name}, after which {key} belongs, has no `;` at its end", (last.line,))
    line = last.line if last else section.open_line
    style = _style(document, [*section.entries[-1:], *_all_entries(document)[-1:]], document.lines[line - 1])
    written = _entry_line(document, style, key, value)
    return _behind_line(document, line, written, style.end)


def _new_section(document: Document, section: str, key: str, value: str) -> Edit:
    """Write a new section in the style of the last one: at the end of the file, or above the first unclosed section."""
    _refuse_hidden(document, section)
    above = _last_line_for_new_section(document, section)
    model = document.lines[above - 1] if above else b""
    style = _style(document, _all_entries(document)[-1:], model)
    entry = _entry_line(document, style, key, value)
    gap = [b""] if above and document.sections and _sections_set_apart(document) else []
    if document.windows:
        written = [*gap, b"[" + raw(section) + b"]", entry]
    else:
        written = [*gap, raw(section) + _before_brace(document), entry, b"}"]
    return _behind_line(document, above, style.end.join(written), style.end)


def _behind_line(document: Document, line: int, written: bytes, end: bytes) -> Edit:
    """Put `written` behind a line (0: at the start); where that line has no end, neither has the new one."""
    before = document.lines[line - 1] if line else b""
    text_with_end = written + end if not before or line_end(before) else end + written
    return Edit(max(line, 1), len(before), len(before), text_with_end)


def _last_line_for_new_section(document: Document, section: str) -> int:
    """Return the line after which all braces above are closed: the last one where nothing is wrong."""
    stray = tuple(problem.line for problem in document.problems if problem.code == "stray-brace")
    unclosed = [index for index, found in enumerate(document.sections) if not found.closed]
    if stray or unclosed[:1] == [0]:
        lines = stray or (document.sections[0].line,)
        raise EditRefusedError(f"a brace is missing or one too many, so section {section} cannot be placed", lines)
    if not unclosed:
        return len(document.lines)
    above, open_one = document.sections[unclosed[0] - 1], document.sections[unclosed[0]]
    if above.end_line == open_one.line:  # `} Next = {`: no line lies between the two
        raise EditRefusedError(f"a brace is missing, so section {section} cannot be placed", (open_one.line,))
    return above.end_line


def _refuse_hidden(document: Document, section: str) -> None:
    """Refuse a new section where one of this name stands in a place that is not read as a section."""
    headers = {f"[{section}]", f"{section} = {{", f"{section}={{"}
    for problem in document.problems:
        line = text(document.lines[problem.line - 1][problem.start : problem.end])
        nested = problem.code == "nested-block" and document.same_name(line, section)
        if nested or (problem.code in {"stray-text", "wrong-form"} and line in headers):
            raise EditRefusedError(f"section {section} stands where no reader finds it", (problem.line,))


def _removal(document: Document, entry: Entry) -> list[Edit]:
    line = document.lines[entry.line - 1]
    if line[entry.end :].strip():
        for problem in document.problems:
            if problem.line == entry.line and problem.code == "text-after-semicolon" and problem.key is not None:
                raise EditRefusedError(f"without {entry.name}, what stands behind it would be an entry", (entry.line,))
        return [Edit(entry.line, entry.start, entry.end, b"")]
    removed = [Edit(entry.line, 0, len(line), b"")]
    if not line_end(line) and entry.line > 1:
        above = document.lines[entry.line - 2]
        removed.append(Edit(entry.line - 1, len(above) - len(line_end(above)), len(above), b""))
    return removed


def _all_entries(document: Document) -> list[Entry]:
    return [entry for section in document.sections for entry in section.entries]


def _style(document: Document, models: list[Entry], line: bytes) -> _Style:
    """Take the style from the first of `models`, and the line ending from `line`, else from the first line."""
    end = line_end(line) or line_end(document.lines[0] if document.lines else b"")
    end = end or (b"\r\n" if document.windows else b"\n")
    if not models:
        return _Style(b"", 0, b"", b"", end) if document.windows else _Style(b"   ", 0, b" ", b" ", end)
    model = models[0]
    source = document.lines[model.line - 1]
    middle = source[model.start + len(raw(model.name)) : model.value_start]
    before, _, after = middle.partition(b"=")
    indentation, before, after = (part.expandtabs(4) for part in (source[: model.start], before, after))
    column = len(raw(model.name)) + len(before) if len(before) > 1 else 0
    return _Style(indentation, column, before[:1], after[:1], end)


def _entry_line(document: Document, style: _Style, key: str, value: str) -> bytes:
    end = b"" if document.windows else b";"
    name = (raw(key) + style.before_equals).ljust(style.equals_column)
    return style.indentation + name + b"=" + style.after_equals + raw(value) + end


def _before_brace(document: Document) -> bytes:
    """Return what stands between a section's name and its first line, as the last section has it."""
    for section in reversed(document.sections):
        line = document.lines[section.line - 1]
        if section.open_line == section.line and re.fullmatch(rb" *= *\{\s*", line[section.end :]):
            return line[section.end :].rstrip()
    return b" = {"


def _sections_set_apart(document: Document) -> bool:
    """Return whether the file sets its sections apart by empty lines; a file with one section is taken to."""
    if len(document.sections) < 2:
        return True
    end, last = document.sections[-2].end_line, document.sections[-1]
    if document.windows:
        return not document.lines[end - 1].strip()
    return end < last.line and not document.lines[end].strip()  # `} Next = {` has them on one line
