"""The HA groups of a file, each with the places of its parts.

Letter case is ignored here in both forms: a name in the wrong case is one finding of its own, not also a part missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.lint.rules.entry_findings import unquoted
from confkit.syntax.document import raw, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.syntax import Document, Entry, Section

_PART = re.compile("virtualtoken([0-9]{2})(label|sn|members)", re.IGNORECASE)
_SERVER = re.compile("servername[0-9]{2}", re.IGNORECASE)
# Problems of the parser that keep an entry from being read.
_HIDING = frozenset(
    {"text-beside-brace", "text-after-semicolon", "stray-text", "entry-outside-section", "nested-block"}
)
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


def sections(document: Document, name: str) -> list[Section]:
    """Return the sections of this name, in any letter case."""
    return [section for section in document.sections if section.name.lower() == name.lower()]


def entries(document: Document, section: str, key: str) -> list[Entry]:
    """Return the entries of this name in sections of this name, both in any letter case, in file order."""
    wanted = key.lower()
    return [entry for found in sections(document, section) for entry in found.entries if entry.name.lower() == wanted]


def stands_anywhere(document: Document, key: str) -> bool:
    """Tell whether an entry `key` stands anywhere: one in a wrong or hidden place is a finding of its own."""
    wanted = key.lower()
    hidden = (problem.key for problem in document.problems if problem.code in _HIDING and problem.key)
    return any(name.lower() == wanted for name in hidden) or any(
        entry.name.lower() == wanted for section in document.sections for entry in section.entries
    )


def groups_certain(document: Document) -> bool:
    """Tell whether all parts of all groups are read: no line of VirtualToken hides one from the parser."""
    doubtful = (problem.section or "" for problem in document.problems if problem.code in _HIDING)
    return all(section.lower() != "virtualtoken" for section in doubtful)


def groups_anywhere(document: Document) -> bool:
    """Tell whether any section has a part of a group, or is to be one of groups by its name."""
    return any(
        section.name.lower().startswith("virtualtoken") or any(_PART.fullmatch(entry.name) for entry in section.entries)
        for section in document.sections
    )


def groups(document: Document) -> list[Group]:
    """Return the HA groups by their numbers; where a part stands twice, the first counts."""
    parts: dict[str, dict[str, Entry]] = {}
    homes: dict[str, Section] = {}
    for section in sections(document, "VirtualToken"):
        for entry in section.entries:
            match = _PART.fullmatch(entry.name)
            if match:
                homes.setdefault(match[1], section)
                parts.setdefault(match[1], {}).setdefault(match[2].lower(), entry)
    return [
        Group(number, homes[number], found.get("label"), found.get("sn"), found.get("members"))
        for number, found in sorted(parts.items())
    ]


def labels_of(document: Document) -> frozenset[str]:
    """Return the labels of all groups; in lower case in the Windows form, where the case of names does not count."""
    labels = (unquoted(group.label.value) for group in groups(document) if group.label)
    return frozenset(folded(document, label) for label in labels if label)


def folded(document: Document, label: str) -> str:
    """Return a label as it is compared with another one in this form of the file."""
    return label.lower() if document.windows else label


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


def lists(document: Document) -> Iterator[tuple[Group, Entry]]:
    """Yield each group that has a list of members, and that list."""
    return ((group, group.members) for group in groups(document) if group.members)


def serials(document: Document, group: Group) -> list[str]:
    """Return the members of a group that are serial numbers; none where a part of the list is no number."""
    found = [member.serial for member in members(document, group.members)] if group.members else []
    return found if all(map(is_serial, found)) else []


def is_serial(value: str) -> bool:
    """Tell whether a value can be the serial number of a partition or a group: digits only."""
    return value.isascii() and value.isdigit()


def servers(document: Document) -> list[Entry]:
    """Return the entries that name an appliance."""
    return [
        entry
        for section in sections(document, "LunaSA Client")
        for entry in section.entries
        if entry.value and _SERVER.fullmatch(entry.name)
    ]
