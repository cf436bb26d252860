"""The HA groups of a file, each with the places of its parts.

Letter case is ignored here in both forms: a name in the wrong case is one finding of its own, not also a part missing.
"""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confkit.core.catalogue.verdicts import unquoted
from confkit.core.syntax import Document, Entry, Section
from confkit.core.syntax.document import raw, text

_PART = re.compile("virtualtoken([0-9]{2})(label|sn|members)", re.IGNORECASE)
_SERVER = re.compile("server(name|port)([0-9]{2})", re.IGNORECASE)
_MEMBER = re.compile(rb"[^,]+")


class Group(NamedTuple):
    """An HA group: its number, the section it stands in, and its parts where they are there."""

    number: str
    section: Section
    label: Entry | None
    serial: Entry | None
    members: Entry | None

    @property
    def name(self) -> str:
        """Return how to call the group in a message: its label, else its number."""
        return unquoted(self.label.value) if self.label and self.label.value else self.number


class Member(NamedTuple):
    """One part of a list of members, with the bytes it takes on its line."""

    serial: str
    start: int
    end: int


def groups(sections: Iterable[Section]) -> list[Group]:
    """Return the HA groups in these sections by their numbers; where a part stands twice, the first counts."""
    parts: dict[str, dict[str, Entry]] = {}
    homes: dict[str, Section] = {}
    for section in sections:
        for entry in section.entries:
            match = _PART.fullmatch(entry.name)
            if match:
                homes.setdefault(match[1], section)
                parts.setdefault(match[1], {}).setdefault(match[2].lower(), entry)
    return [
        Group(number, homes[number], found.get("label"), found.get("sn"), found.get("members"))
        for number, found in sorted(parts.items())
    ]


def groups_anywhere(document: Document) -> bool:
    """Tell whether any section has a part of a group, or is to be one of groups by its name."""
    return any(
        section.name.lower().startswith("virtualtoken") or any(_PART.fullmatch(entry.name) for entry in section.entries)
        for section in document.sections
    )


def labels(found: Iterable[Group]) -> Iterator[str]:
    """Yield the labels of groups that have one."""
    names = (unquoted(group.label.value) for group in found if group.label)
    return filter(None, names)


def folded(document: Document, name: str) -> str:
    """Return a name or a label as it is compared with another one in this form of the file."""
    return name.lower() if document.windows else name


def members(document: Document, entry: Entry) -> list[Member]:
    """Return the parts of a list separated by commas; empty parts are left out."""
    value = raw(unquoted(entry.value))
    first = document.lines[entry.line - 1].index(value, entry.value_start)
    return list(_members(value, first))


def _members(value: bytes, first: int) -> Iterator[Member]:
    for match in _MEMBER.finditer(value):
        part = match[0].strip()
        if part:
            start = first + match.start() + match[0].index(part)
            yield Member(text(part), start, start + len(part))


def is_serial(value: str) -> bool:
    """Tell whether a value can be the serial number of a partition or a group: digits only."""
    return value.isascii() and value.isdigit()


def server_entries(sections: Iterable[Section]) -> Iterator[tuple[str, str, Entry]]:
    """Yield number, part (name or port) and entry of each part of an appliance in these sections, in file order."""
    for section in sections:
        for entry in section.entries:
            match = _SERVER.fullmatch(entry.name)
            if match:
                yield match[2], match[1].lower(), entry
