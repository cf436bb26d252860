"""From the UNIX form to the Windows form and back: the same meaning, in the customs of the other form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.config.compare import differences, spelling
from confkit.core.catalogue import entry_facts
from confkit.core.catalogue.verdicts import verdict
from confkit.core.syntax import NotAllowedError, parse, set_entry
from confkit.core.syntax.braces import code_of, comment_lines, is_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Section

# What convert does not carry over, because nobody can say what it means.
_UNCLEAR = {
    "unclosed-section",
    "nested-block",
    "stray-text",
    "stray-brace",
    "entry-outside-section",
    "duplicate-section",
    "duplicate-entry",
    "text-beside-brace",
    "unbalanced-quote",
    "wrong-form",
    "nul-byte",
    "invalid-utf8",
}


class ConversionError(ValueError):
    """The file cannot be converted without changing its meaning; `line` (from 1) says where."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class CommentInValue(NamedTuple):
    """A value that a comment behind it has become a part of; `line` from 1."""

    line: int
    message: str
    certain: bool
    """Whether the value cannot be meant as it stands: a path or a text may hold the sign of a comment, a number not"""


def convert(document: Document, *, windows: bool) -> Document:
    """Return the document in the other form (or rewritten in its own), with its comments and the same meaning.

    A comment inside a section moves above its header, and text after a `;` becomes a comment there: inside a section
    of the UNIX form a comment that holds an entry would be read as one. Raises ConversionError, also where a value
    certainly holds a comment: it would be carried over as a value.
    """
    for problem in document.problems:
        behind = document.lines[problem.line - 1][problem.start :] if document.lines else b""
        hidden = problem.code == "text-after-semicolon" and not is_comment(behind)
        if problem.code in _UNCLEAR or hidden:
            raise ConversionError(problem.message, problem.line)
    for comment in comments_in_values(document):
        if comment.certain:
            raise ConversionError(comment.message, comment.line)
    end = "\r\n" if windows else "\n"
    text = end.join(_written(document, windows=windows))
    converted = parse(text.encode("utf-8"), "crystoki.ini" if windows else "Chrystoki.conf")
    if differences(document, converted):
        raise AssertionError("the converted file means something else")
    return converted


def comments_in_values(document: Document) -> Iterator[CommentInValue]:
    """Yield the values of known entries that hold a comment, in file order; no value is quoted."""
    for section in document.sections:
        for entry in section.entries:
            facts = entry_facts(section.name, entry.name, windows=document.windows)
            found = verdict(facts, entry.value) if facts else None
            if found is not None and found.kind == "comment":
                message = f"{section.name}/{entry.name} {found.message}"
                yield CommentInValue(entry.line, message, certain=found.severity == "error")


def _written(document: Document, *, windows: bool) -> Iterator[str]:
    reached = 0
    for section in document.sections:
        end = _last_line_of_its_own(document, section)
        yield from _comments(document, reached, end, windows=windows)
        reached = end
        yield f"[{section.name}]" if windows else f"{section.name} = {{"
        yield from _entries(section, windows=windows)
        yield from ([] if windows else ["}"])
        yield ""
    yield from _comments(document, reached, len(document.lines), windows=windows)


def _last_line_of_its_own(document: Document, section: Section) -> int:
    """Return where a section ends: in the Windows form, comments behind the last entry belong to what follows."""
    if not document.windows:
        return section.end_line
    return section.entries[-1].line if section.entries else section.line


def _entries(section: Section, *, windows: bool) -> Iterator[str]:
    for entry in section.entries:
        key = spelling(section.name, entry.name, windows=windows)
        try:
            set_entry(parse(b"[x]" if windows else b"x = {\n}"), section.name, key, entry.value)
        except NotAllowedError as error:
            raise ConversionError(str(error), entry.line) from error
        yield f"{key}={entry.value}" if windows else f"   {key} = {entry.value};"


def _comments(document: Document, after: int, until: int, *, windows: bool) -> Iterator[str]:
    """Yield the comments of the lines behind `after`, in the other form's way of writing them."""
    inside = set() if document.windows else comment_lines(document.to_bytes(), document.lines)
    for number, line in enumerate(document.lines[after:until], after + 1):
        if document.windows:
            comment = line if line.lstrip(b"\xef\xbb\xbf \t").startswith((b";", b"#", b"//")) else b""
        else:
            comment = line if number in inside or is_comment(line) else line[len(code_of(line)) :]
        words = comment.decode("utf-8").lstrip("\ufeff;#/* \t").rstrip("*/ \t\r\n")
        if words:
            yield ("; " if windows else "# ") + words
