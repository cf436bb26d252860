"""The UNIX form, Chrystoki.conf: bytes to tree. Any bytes parse; what is unusual is kept and reported.

    file    = { section | comment | blank }
    section = name "=" "{" { entry | comment | blank } "}"
    entry   = name "=" value ";"

The line is the unit: the public readers agree on no other. Names mind the case of letters (README-GEM-CONFIG, MIT).
"""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import Iterator

from . import plain
from .braces import Block, Braces, comment_lines, find_braces, is_comment
from .document import Document, Entry, Problem, Section, text
from .lines import byte_problems, split_lines, without_mark

# Takes linear time on any line: no part of it can match the same bytes in two ways. Sets spelt out are the fastest.
_PLAIN = plain.kind(
    rb'( *)([A-Za-z0-9_.-]+)( *= *)([^ \t\n\r\f\v;{}"\x80-\xff][^;{}"\t\n\r\x80-\xff]*)(?<![ \f\v]);', behind=len(";")
)
_PLAIN_ENTRY = _PLAIN.line

_NAME = attrgetter("name")
_STRAY = "neither a section, an entry nor a comment"


def parse(source: bytes) -> Document:
    """Parse a file in the UNIX form; never raises."""
    source_lines = split_lines(source)
    lines = without_mark(source_lines)
    comments = comment_lines(source, lines)
    braces = find_braces(lines, comments)
    problems = [*byte_problems(source, lines), *braces.problems]
    problems += _block_problems(braces.blocks)
    skipped = braces.taken
    skipped |= comments
    reached = 0  # of nested blocks the outermost holds the others: each line is skipped once
    for block in braces.blocks:
        if block.outer is not None and block.close_line > reached:
            skipped.update(range(block.line, block.close_line + 1))
            reached = block.close_line
    sections = tuple(_sections(lines, braces, skipped, problems, plain.texts_known(source)))
    _outside(lines, sections, skipped, problems)
    for number in comments:
        _comment(lines[number - 1], number, None, problems)
    problems += duplicates(sections, windows=False)
    problems.sort(key=lambda problem: problem[2:4])
    return Document(windows=False, lines=source_lines, sections=sections, problems=tuple(problems))


def duplicates(sections: tuple[Section, ...], *, windows: bool) -> Iterator[Problem]:
    """Yield a problem for every second section and second entry of a name."""
    if not _has_duplicates(sections, windows=windows):
        return
    seen: dict[str, int] = {}
    entries: dict[tuple[str, str], int] = {}
    for section in sections:
        name = section.name.lower() if windows else section.name
        first = seen.setdefault(name, section.line)
        if first != section.line:
            message = f"section {section.name} is already defined on line {first}"
            yield Problem("duplicate-section", message, section.line, section.start, section.end, section.name)
        for entry in section.entries:
            key = name, entry.name.lower() if windows else entry.name
            first = entries.setdefault(key, entry.line)
            if first != entry.line:
                message = f"{entry.name} is already set on line {first}"
                yield _problem("duplicate-entry", message, entry, entry.start, entry.start + len(entry.name))


def _has_duplicates(sections: tuple[Section, ...], *, windows: bool) -> bool:
    """Return whether any name is a duplicate; a good file has none, and this is quick."""
    every: Iterator[tuple[Section | Entry, ...]] = chain((sections,), (section.entries for section in sections))
    for named in every:
        names = map(_NAME, named)
        if len({name.lower() for name in names} if windows else set(names)) != len(named):
            return True
    return False


def _problem(code: str, message: str, entry: Entry, start: int, end: int) -> Problem:
    return Problem(code, message, entry.line, start, end, entry.section, entry.name)


def _block_problems(blocks: list[Block]) -> Iterator[Problem]:
    for block in blocks:
        where = block.line, block.start, block.end
        if block.outer is not None:
            yield Problem(
                "nested-block", "a block inside a section: no reader knows it", *where, block.outer, block.name
            )
        elif not block.close_line:
            yield Problem("unclosed-section", f"section {block.name} has no closing brace", *where, block.name)
        if not block.name:
            yield Problem("stray-brace", "opening brace without a name", *where)


def _sections(
    lines: list[bytes], braces: Braces, skipped: set[int], problems: list[Problem], known: dict[str, str] | None
) -> Iterator[Section]:
    outermost = [block for block in braces.blocks if block.outer is None]
    for index, block in enumerate(outermost):
        after = outermost[index + 1].line - 1 if index + 1 < len(outermost) else len(lines)
        last = block.close_line or max(after, block.open_line)
        inside = range(block.open_line + 1, last + (0 if block.close_line else 1))
        entries = _entries(lines, inside, block.name, skipped, problems, known)
        yield Section(
            block.name, block.line, block.start, block.end, block.open_line, last, bool(block.close_line), entries
        )


def _entries(  # noqa: PLR0913, PLR0917 - the section and where its parts go
    lines: list[bytes],
    inside: range,
    section: str,
    skipped: set[int],
    problems: list[Problem],
    known: dict[str, str] | None = None,
) -> tuple[Entry, ...]:
    def unusual(number: int) -> Entry | None:
        return _odd_entry(lines[number - 1], number, section, problems)

    return plain.entries(_PLAIN, lines, inside, section, skipped, unusual, known)


def _odd_entry(line: bytes, number: int, section: str, problems: list[Problem]) -> Entry | None:
    """Return the entry on a line that is not plain, and report what is unusual; None where there is none."""
    head, equals, rest = line.partition(b"=")
    name = head.strip()
    if not equals or not name or b";" in name or is_comment(name):
        _no_entry(line, number, section, problems)
        return None
    value, semicolon, tail = rest.partition(b";")
    stripped = value.strip()
    start = len(head) - len(head.lstrip())
    begins = value.lstrip() if stripped else value[len(value.rstrip(b"\r\n")) :]
    value_start = len(head) + 1 + len(value) - len(begins)
    value_end = value_start + len(stripped)
    end = len(head) + 2 + len(value) if semicolon else value_end
    entry = Entry(section, text(name), text(stripped), number, start, value_start, value_end, end, bool(semicolon))
    problems += _entry_problems(entry, stripped, line, tail)
    return entry


def _entry_problems(entry: Entry, value: bytes, line: bytes, tail: bytes) -> Iterator[Problem]:
    after = tail.strip()
    if not entry.terminated:
        yield _problem("missing-semicolon", f"{entry.name} has no `;` at its end", entry, entry.end, entry.end)
    if value.count(b'"') % 2:
        message = "a quotation mark is not closed before the `;`: where the value ends is uncertain"
        yield _problem("unbalanced-quote", message, entry, entry.value_start, entry.value_end)
    if b"{" in value or b"}" in value:
        message = "a brace in a value: the public readers end the section here"
        yield _problem("brace-in-value", message, entry, entry.value_start, entry.value_end)
    if after:
        start = line.index(after, entry.end)
        hidden = None if is_comment(after) else _key_in(after)
        message = "text after the `;`: some readers take it as part of the value"
        yield Problem("text-after-semicolon", message, entry.line, start, start + len(after), entry.section, hidden)
        if is_comment(after):
            problems: list[Problem] = []
            _comment(line, entry.line, entry.section, problems, start)
            yield from problems


def _key_in(statement: bytes) -> str | None:
    key, equals, _ = statement.partition(b"=")
    return text(key.strip()) if equals and key.strip() else None


def _no_entry(line: bytes, number: int, section: str | None, problems: list[Problem]) -> None:
    stripped = line.strip()
    if not stripped:
        return
    if is_comment(stripped):
        _comment(line, number, section, problems)
        return
    start = line.index(stripped)
    problems.append(Problem("stray-text", _STRAY, number, start, start + len(stripped), section, _key_in(stripped)))


def _comment(line: bytes, number: int, section: str | None, problems: list[Problem], column: int = 0) -> None:
    comment = line[column:].strip()
    start = line.index(comment, column)
    end = start + len(comment)
    head, equals, rest = comment.partition(b"=")
    key = head.strip(b"#/* \t")
    if equals and key.strip() and rest.strip()[:1] != b"{":
        message = f"a comment that holds an entry: luna_getprop reads {text(key)} here"
        problems.append(Problem("comment-holds-entry", message, number, start, end, section, text(key.split()[-1])))
    if b"{" in comment or b"}" in comment:
        message = "a comment that holds a brace: the public readers take it as the bound of a section"
        problems.append(Problem("comment-holds-brace", message, number, start, end, section))


def _outside(lines: list[bytes], sections: tuple[Section, ...], skipped: set[int], problems: list[Problem]) -> None:
    reached = 1
    for section in (*sections, None):
        until = section.line if section else len(lines) + 1
        for number in range(reached, until):
            if number not in skipped:
                _outside_line(lines[number - 1], number, problems)
        reached = max(reached, section.end_line + 1) if section else until


def _outside_line(line: bytes, number: int, problems: list[Problem]) -> None:
    stripped = line.strip()
    if not stripped:
        return
    start = line.index(stripped)
    if is_comment(stripped):
        _comment(line, number, None, problems, start)
        return
    key = _key_in(stripped)
    code, message = ("entry-outside-section", f"{key} stands outside any section") if key else ("stray-text", _STRAY)
    problems.append(Problem(code, message, number, start, start + len(stripped), None, key))
