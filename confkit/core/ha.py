"""The HA part of a file with its positions: groups, their members, and servers.

This is the one reader of these families of entries. It finds them and judges nothing: a part may be missing, a list may
hold anything. Carried into modules that run on Python 3.8.
"""

# ruff: noqa: FA100 - the annotations of a NamedTuple, as strings, would be compiled at import, each by itself

import re
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

from confkit.core.syntax.document import Document, Entry, Section, raw, text

GROUPS = "VirtualToken"
SERVERS = "LunaSA Client"
SYNCHRONIZE = "HASynchronize"
SETTINGS = "HAConfiguration"
RECOVERY = "HARecovery"  # of older clients
STANDBY = "StandbyMembers"  # behind a label, in SETTINGS

_GROUP_PART = "VirtualToken([0-9]{2})(Label|SN|Members)"
_SERVER_PART = "Server(Name|Port|Htl)([0-9]{2})"
_ANY_GROUP_PART = re.compile(_GROUP_PART, re.IGNORECASE)
_SERVER_NAME = "ServerName[0-9]{2}"
_MEMBER = re.compile(rb"[^,]+")


class Group(NamedTuple):
    """An HA group: its number (two digits), the section it stands in, and the first entry of each part."""

    number: str
    section: Section
    label: Optional[Entry]
    serial: Optional[Entry]
    """The group's pseudo serial number, VirtualTokenNNSN"""
    members: Optional[Entry]

    @property
    def name(self) -> str:
        """Return what to call the group in a message: its label, else its number."""
        return unquoted(self.label.value) if self.label and self.label.value else self.number

    @property
    def entries(self) -> List[Entry]:
        """Return the parts that are there."""
        return [entry for entry in (self.label, self.serial, self.members) if entry is not None]


class Server(NamedTuple):
    """A network appliance: its number (two digits), the section it stands in, and the first entry of each part."""

    number: str
    section: Section
    name: Optional[Entry]
    port: Optional[Entry]
    htl: Optional[Entry]
    """Whether a host trust link is used, ServerHtlNN"""

    @property
    def entries(self) -> List[Entry]:
        """Return the parts that are there."""
        return [entry for entry in (self.name, self.port, self.htl) if entry is not None]


class Member(NamedTuple):
    """One part of a list of members, with the bytes it takes on the line of its entry."""

    serial: str
    start: int
    end: int


class LabelPlace(NamedTuple):
    """A place where a label is written: bytes `start`..`end` of a line. `defines`: it is the group's own entry."""

    label: str
    line: int
    start: int
    end: int
    defines: bool


def groups_of(document: Document) -> List[Group]:
    """Return the HA groups of a document by their numbers; names count as this form of the file has them."""
    return groups(document.sections_named(GROUPS), ignore_case=document.windows)


def servers_of(document: Document) -> List[Server]:
    """Return the servers of a document by their numbers; names count as this form of the file has them."""
    return servers(document.sections_named(SERVERS), ignore_case=document.windows)


def groups(sections: Iterable[Section], *, ignore_case: bool = True) -> List[Group]:
    """Return the HA groups in these sections by their numbers; of a duplicate part the first counts."""
    return [
        Group(number, section, parts.get("label"), parts.get("sn"), parts.get("members"))
        for number, section, parts in _families(sections, _GROUP_PART, ignore_case=ignore_case)
    ]


def servers(sections: Iterable[Section], *, ignore_case: bool = True) -> List[Server]:
    """Return the servers in these sections by their numbers; of a duplicate part the first counts."""
    return [
        Server(number, section, parts.get("name"), parts.get("port"), parts.get("htl"))
        for number, section, parts in _families(sections, _SERVER_PART, ignore_case=ignore_case)
    ]


def server_names(sections: Iterable[Section]) -> List[Entry]:
    """Return the entries of these sections that name a server, in any letter case and in file order, each of them."""
    expression = re.compile(_SERVER_NAME, re.IGNORECASE)
    return [entry for section in sections for entry in section.entries if expression.fullmatch(entry.name)]


def members(document: Document, entry: Entry) -> List[Member]:
    """Return the parts of a list separated by commas, such as VirtualTokenNNMembers; empty parts are left out."""
    value = raw(unquoted(entry.value))
    first = document.lines[entry.line - 1].index(value, entry.value_start)
    return list(_members(value, first))


def serials(entry: Optional[Entry]) -> Tuple[str, ...]:
    """Return the parts of a list as `members` does, without their positions; none where there is no entry."""
    return tuple(member.serial for member in _members(raw(unquoted(entry.value)), 0)) if entry else ()


def groups_anywhere(document: Document) -> bool:
    """Return whether any section holds a part of a group, or is meant for groups by its name."""
    return any(
        section.name.lower().startswith(GROUPS.lower())
        or any(_ANY_GROUP_PART.fullmatch(entry.name) for entry in section.entries)
        for section in document.sections
    )


def labels(found: Iterable[Group]) -> Iterator[str]:
    """Yield the labels of the groups that have one."""
    return filter(None, (unquoted(group.label.value) for group in found if group.label))


def label_places(document: Document) -> Iterator[LabelPlace]:
    """Yield every place where a label of a group is written: its definition, then the entries that are named after it.

    A label that no group has is found in HASynchronize, where every entry is named after one.
    """
    for group in groups_of(document):
        if group.label is not None and group.label.value:
            label = unquoted(group.label.value)
            start = group.label.value_start + int(label != group.label.value)
            yield LabelPlace(label, group.label.line, start, start + len(raw(label)), defines=True)
    for name, ending in ((SYNCHRONIZE, ""), (RECOVERY, ""), (SETTINGS, STANDBY)):
        for section in document.sections_named(name):
            for entry in section.entries:
                key = folded(document, entry.name)
                if key.endswith(folded(document, ending)) and len(key) > len(ending):
                    label = entry.name[: len(entry.name) - len(ending)]
                    yield LabelPlace(label, entry.line, entry.start, entry.start + len(raw(label)), defines=False)


def folded(document: Document, name: str) -> str:
    """Return a name or a label as it is compared with another one in this form of the file."""
    return name.lower() if document.windows else name


def unquoted(value: str) -> str:
    """Return the value without one pair of quotation marks around it."""
    quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    return value[1:-1] if quoted else value


def is_serial(value: str) -> bool:
    """Return whether a value can be the serial number of a partition or a group: digits only."""
    return value.isascii() and value.isdigit()


def _families(
    sections: Iterable[Section], pattern: str, *, ignore_case: bool
) -> Iterator[Tuple[str, Section, Dict[str, Entry]]]:
    """Yield number, section and parts (part -> first entry) of each family; the pattern has a group for each."""
    expression = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    parts: Dict[str, Dict[str, Entry]] = {}
    homes: Dict[str, Section] = {}
    for section in sections:
        for entry in section.entries:
            match = expression.fullmatch(entry.name)
            if match:
                number, part = sorted(match.groups())  # digits come before letters
                homes.setdefault(number, section)
                parts.setdefault(number, {}).setdefault(part.lower(), entry)
    for number in sorted(parts):
        yield number, homes[number], parts[number]


def _members(value: bytes, first: int) -> Iterator[Member]:
    for match in _MEMBER.finditer(value):
        part = match.group().strip()
        if part:
            start = first + match.start() + match.group().index(part)
            yield Member(text(part), start, start + len(part))
