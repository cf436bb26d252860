"""Statements over one line or more, as Dockerfiles and systemd units have them, and the variable in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.syntax.document import raw
from confkit.lint.environment.surroundings import (
    VARIABLE,
    Misspelling,
    Setting,
    SourceSpan,
    assignments,
    misspelt_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.environment.surroundings import Expansion

COMMENT = re.compile(r"\s*(?:#|;|$)")
# Of a Dockerfile, these instructions alone take here-documents. Quoted text and here-strings (<<<) start none.
_TAKES_DOCUMENTS = re.compile(r"(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s", re.IGNORECASE)
_HERE_DOCUMENT = re.compile(
    r"\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'|<<<|<<(?P<tabs>-?)[ \t]*(?P<name>\"[^\"]+\"|'[^']+'|[^\s<>|;&()\"'`]+)"
)
_QUOTES = frozenset({"'", '"'})
_GIVEN = re.compile(r"\s*[:+]?=|\s+\S")


class Statement(NamedTuple):
    """A statement over one line or more: its first line, each line with its number, and the text that it is given."""

    first: int
    lines: tuple[tuple[int, str], ...]
    document: tuple[tuple[int, str], ...] = ()
    """The lines of a here-document, which Dockerfiles have"""
    escape: str = "\\"

    @property
    def text(self) -> str:
        """The whole statement on one line, without its here-document."""
        return " ".join(line.rstrip().removesuffix(self.escape).strip() for _, line in self.lines)


def statements(lines: list[str], escape: str = "\\", *, here_documents: bool = False) -> Iterator[Statement]:
    """Yield statements; a line that ends in `escape` goes on, and comments between its parts do not end it."""
    waiting: list[tuple[int, str]] = []
    numbered = iter(enumerate(lines, 1))
    ends = _ends(lines) if here_documents else {}
    for number, line in numbered:
        if COMMENT.match(line):
            continue
        waiting.append((number, line))
        if line.rstrip().endswith(escape):
            continue
        whole = Statement(waiting[0][0], tuple(waiting), escape=escape)
        takes_documents = here_documents and _TAKES_DOCUMENTS.match(whole.text) is not None
        yield (
            whole._replace(document=tuple(_documents(whole.text, number, numbered, ends))) if takes_documents else whole
        )
        waiting = []
    if waiting:
        yield Statement(waiting[0][0], tuple(waiting), escape=escape)


def _ends(lines: list[str]) -> dict[tuple[str, str], int]:
    """Return the number of the last line with each text, as it is and without leading tabs."""
    return {
        **{("", line.rstrip("\r\n")): number for number, line in enumerate(lines, 1)},
        **{("-", line.lstrip("\t").rstrip("\r\n")): number for number, line in enumerate(lines, 1)},
    }


def _documents(
    text: str, number: int, numbered: Iterator[tuple[int, str]], ends: dict[tuple[str, str], int]
) -> Iterator[tuple[int, str]]:
    """Yield the lines of the here-documents of a statement that ends in line `number`, up to where the last one ends.

    What no line ends is none: it is a shift, or a file that Docker refuses, and takes nothing from the rest.
    """
    last = number
    for match in _HERE_DOCUMENT.finditer(text):
        name = re.sub(r"[\"'\\]", "", match["name"] or "")
        if not name or ends.get((match["tabs"], name), 0) <= last:
            continue
        for last, line in numbered:
            if (line.lstrip("\t") if match["tabs"] else line).rstrip("\r\n") == name:
                break
            yield last, line


def settings_in(lines: tuple[tuple[int, str], ...], by: Expansion, *, lasting: bool = True) -> Iterator[Setting]:
    """Yield the values that lines give the variable."""
    for number, line in lines:
        if VARIABLE in line and not line.lstrip().startswith("#"):
            for value, start, end in assignments(line):
                mark = line[start : start + 1]
                yield Setting(value, span(number, line, start, end), lasting, by, mark if mark in _QUOTES else "")


def misspellings_in(lines: tuple[tuple[int, str], ...], used: frozenset[str]) -> Iterator[Misspelling]:
    """Yield the variables that lines set and whose names are nearly right, but none that the file makes use of."""
    for number, line in lines:
        for name, start in misspelt_names(line):
            end = start + len(name)
            if name not in used and _GIVEN.match(line, end):
                yield Misspelling(name, span(number, line, start, end))


def span(number: int, line: str, start: int, end: int) -> SourceSpan:
    """Return the place of characters of a line."""
    return SourceSpan(number, len(raw(line[:start])), len(raw(line[:end])))
