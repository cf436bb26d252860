"""Families of entries that are numbered from 00 without a gap: servers and HA groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import FileError
from confkit.core.syntax import Edit, edited, unset_entry
from confkit.core.syntax.document import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from confkit.core.syntax import Document, Entry

    Family = tuple[str, Sequence[Entry]]

_MAX_FAMILIES = 100  # two digits


def next_number(numbers: Sequence[str], what: str) -> str:
    """Return the number behind the last one; FileError where two digits cannot hold it."""
    if len(numbers) >= _MAX_FAMILIES:
        raise FileError(f"there are {_MAX_FAMILIES} {what} already, and numbers have two digits. Nothing was changed")
    return f"{len(numbers):02}"


def refuse_uncertain(document: Document, section: str, families: Iterable[Family], what: str) -> None:
    """Raise FileError where the numbers have a gap or a duplicate part: what counts is unclear then."""
    for wanted, (number, entries) in enumerate(families):
        for entry in entries:
            live = document.entries(section, entry.name)
            if len(live) > 1:
                lines = ", ".join(str(each.line) for each in live)
                raise FileError(
                    f"two {what}s have the number {number}: duplicate {entry.name} (lines {lines}). Remove one. "
                    "Nothing was changed",
                    line=live[0].line,
                )
        if int(number) != wanted:
            raise FileError(
                f"{what} {number} follows a gap: there is none with the number {wanted:02}. Renumber them first. "
                "Nothing was changed",
                line=entries[0].line,
            )


def without_family(document: Document, families: Callable[[Document], Sequence[Family]], gone: str) -> Document:
    """Return the document without the family numbered `gone`; the numbers of those behind it go down by one."""
    for number, entries in families(document):
        for entry in entries if number == gone else ():
            document = unset_entry(document, entry.section, entry.name)
    edits = [
        Edit(entry.line, at, at + len(number), f"{int(number) - 1:02}".encode())
        for number, entries in families(document)
        for entry in entries
        for at in [entry.start + len(raw(entry.name[: entry.name.index(number)]))]
        if number > gone
    ]
    return edited(document, edits)
