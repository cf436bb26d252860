"""The Windows form, crystoki.ini: bytes to tree. Any bytes parse; what is unusual is kept and reported.

    file    = { section | comment | blank }
    section = "[" name "]" { entry | comment | blank }
    entry   = name "=" value

Read by GetPrivateProfileStringA (e_gem.c, MIT), which ignores the case of names and lines that start with `;`.
"""

from __future__ import annotations

from . import plain
from .chrystoki import duplicates
from .document import Document, Entry, Problem, Section, text
from .lines import byte_problems, split_lines, without_mark

_COMMENT_STARTS = (b";", b"#", b"//")

# As in the UNIX form; a value that ends in a `;` or a `{` is unusual here.
_PLAIN = plain.kind(
    rb"( *)([A-Za-z0-9_.-]+)( *= *)([^ \t\n\r\f\v\x80-\xff][^\n\r\x80-\xff]*)(?<![ \t\f\v;{])", behind=0
)
_BRACKET = ord("[")  # an integer is found in a line nine times as fast as bytes of length one


def parse(source: bytes) -> Document:
    """Parse a file in the Windows form; never raises."""
    source_lines = split_lines(source)
    lines = without_mark(source_lines)
    problems = list(byte_problems(source, lines))
    headers = [number for number, line in enumerate(lines, 1) if _BRACKET in line and _header_start(line) >= 0]
    sections = []
    known = plain.texts_known(source)
    for number, line in enumerate(lines[: headers[0] - 1 if headers else len(lines)], 1):
        problems += _no_entry(line, number, None)
    for number, after in zip(headers, [*headers[1:], len(lines) + 1]):
        name, start, end = _header(lines[number - 1], number, problems)
        entries = _entries(lines, range(number + 1, after), name, problems, known)
        sections.append(Section(name, number, start, end, number, after - 1, closed=True, entries=entries))
    problems += duplicates(tuple(sections), windows=True)
    problems.sort(key=lambda problem: problem[2:4])
    return Document(windows=True, lines=source_lines, sections=tuple(sections), problems=tuple(problems))


def is_comment(line: bytes) -> bool:
    """Return whether a line is a comment in this form."""
    return line.lstrip().startswith(_COMMENT_STARTS)


def _header_start(line: bytes) -> int:
    """Return the column of the bracket that opens a header, or -1."""
    column = len(line) - len(line.lstrip())
    return column if line[column : column + 1] == b"[" else -1


def _header(line: bytes, number: int, problems: list[Problem]) -> tuple[str, int, int]:
    opening = _header_start(line)
    inside, bracket, tail = line[opening + 1 :].rstrip(b"\r\n").partition(b"]")
    name = inside.strip()
    start = opening + 1 + len(inside) - len(inside.lstrip())
    end = start + len(name)
    if not bracket:
        problems.append(
            Problem("unclosed-section", "no `]` after the name of the section", number, opening, end, text(name))
        )
    elif tail.strip() and not tail.lstrip().startswith(_COMMENT_STARTS):
        first = opening + len(inside) + 2 + len(tail) - len(tail.lstrip())
        message = "text after the name of the section is not read"
        problems.append(Problem("text-beside-brace", message, number, first, first + len(tail.strip()), text(name)))
    return text(name), start, end


def _entries(
    lines: list[bytes], inside: range, section: str, problems: list[Problem], known: dict[str, str] | None
) -> tuple[Entry, ...]:
    def unusual(number: int) -> Entry | None:
        return _odd_entry(lines[number - 1], number, section, problems)

    return plain.entries(_PLAIN, lines, inside, section, frozenset(), unusual, known)


def _odd_entry(line: bytes, number: int, section: str, problems: list[Problem]) -> Entry | None:
    """Return the entry on a line that is not plain, and report what is unusual; None where there is none."""
    head, equals, rest = line.partition(b"=")
    name = head.strip()
    if not equals or not name or name.startswith(_COMMENT_STARTS):
        problems += _no_entry(line, number, section)
        return None
    value = rest.strip()
    start = len(head) - len(head.lstrip())
    begins = rest.lstrip() if value else rest[len(rest.rstrip(b"\r\n")) :]
    value_start = len(head) + 1 + len(rest) - len(begins)
    end = value_start + len(value)
    entry = Entry(section, text(name), text(value), number, start, value_start, end, end, terminated=True)
    problems += _other_form(entry)
    return entry


def _other_form(entry: Entry) -> list[Problem]:
    if entry.value.endswith(";"):
        message = "in crystoki.ini an entry has no `;` at its end: it becomes part of the value"
        return [Problem("wrong-form", message, entry.line, entry.end - 1, entry.end, entry.section, entry.name)]
    if entry.value == "{":
        message = "a section of the UNIX form; in crystoki.ini it is written [Name]"
        return [Problem("wrong-form", message, entry.line, entry.start, entry.end, entry.section, entry.name)]
    return []


def _no_entry(line: bytes, number: int, section: str | None) -> list[Problem]:
    stripped = line.strip()
    if not stripped:
        return []
    start = line.index(stripped)
    end = start + len(stripped)
    head, equals, _ = stripped.partition(b"=")
    key = text(head.strip(b"#;/ \t")) if equals else None
    if stripped.startswith(_COMMENT_STARTS):
        if not key:
            return []
        message = f"a comment that holds an entry: {key}"
        return [Problem("comment-holds-entry", message, number, start, end, section, key)]
    if section is None and key:
        return [
            Problem("entry-outside-section", f"{key} stands before the first section", number, start, end, None, key)
        ]
    message = "neither a section, an entry nor a comment"
    return [Problem("stray-text", message, number, start, end, section, key)]
