"""The HA part of a file as data: groups, their members, servers, and the timeouts in force.

Lenient on purpose: what a file holds is shown, judging it is the linter's work. `confkit show --format json` prints a
`View`, and schemas/json/show.json describes it. Carried into modules that run on Python 3.8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confkit.core.catalogue.loader import section_facts
from confkit.core.catalogue.names import is_secret
from confkit.core.syntax.document import readable

if TYPE_CHECKING:
    from typing import Iterator

    from confkit.core.syntax import Document, Entry

_MEMBERS = re.compile(r"[,\s]+")


@dataclass(frozen=True)
class Group:
    """An HA group: a virtual token over the partitions whose serial numbers are its members."""

    index: int
    """NN of VirtualTokenNN"""
    label: str | None
    serial: str | None
    """The group's pseudo serial number, VirtualTokenNNSN"""
    members: tuple[str, ...]
    standby: tuple[str, ...]
    """From <label>StandbyMembers in HAConfiguration"""
    synchronize: str | None
    """The value of the entry <label> in HASynchronize"""
    line: int
    """The first line that names the group"""


@dataclass(frozen=True)
class Server:
    """A network appliance from section LunaSA Client."""

    index: int
    """NN of ServerNameNN"""
    name: str | None
    port: int | None
    """None where absent or not a number"""
    line: int


@dataclass(frozen=True)
class Timeout:
    """A limit in force: from the file, or the client's default."""

    section: str
    key: str
    value: str | None
    """None where the file has none and no default is known"""
    unit: str
    """s or ms"""
    source: str
    """file, default or unknown"""
    line: int | None
    meaning: str


@dataclass(frozen=True)
class EntryView:
    """An entry; the value of a secret one is None."""

    name: str
    value: str | None
    secret: bool
    line: int


@dataclass(frozen=True)
class SectionView:
    """A section with its entries, in file order."""

    name: str
    line: int
    entries: tuple[EntryView, ...]


@dataclass(frozen=True)
class ProblemView:
    """Something the parser met; line and column from 1."""

    code: str
    message: str
    line: int
    column: int


@dataclass(frozen=True)
class View:
    """What a file says, and what it means for HA. Every text in it can be written as UTF-8."""

    form: str
    """unix or windows"""
    sections: tuple[SectionView, ...]
    groups: tuple[Group, ...]
    servers: tuple[Server, ...]
    timeouts: tuple[Timeout, ...]
    problems: tuple[ProblemView, ...]


def view(document: Document) -> View:
    """Return everything `confkit show` knows of a file; never raises, whatever the file holds."""
    return View(
        form="windows" if document.windows else "unix",
        sections=tuple(_sections(document)),
        groups=groups(document),
        servers=servers(document),
        timeouts=tuple(timeouts(document)),
        problems=tuple(_problems(document)),
    )


def groups(document: Document) -> tuple[Group, ...]:
    """Return the HA groups of section VirtualToken, by their numbers."""
    found = []
    for index, parts in _numbered(document, "VirtualToken", "VirtualToken([0-9]{2})(Label|SN|Members)").items():
        label, serial, members = (_value(parts, part) for part in ("label", "sn", "members"))
        group = Group(
            index=index,
            label=_readable(label),
            serial=_readable(serial),
            members=_list(members),
            standby=_list(document.get("HAConfiguration", f"{label}StandbyMembers")) if label else (),
            synchronize=_readable(document.get("HASynchronize", label)) if label else None,
            line=min(entry.line for entry in parts.values()),
        )
        found.append(group)
    return tuple(found)


def servers(document: Document) -> tuple[Server, ...]:
    """Return the servers of section LunaSA Client, by their numbers."""
    found = _numbered(document, "LunaSA Client", "Server(Name|Port|Htl)([0-9]{2})")
    return tuple(
        Server(
            index=index,
            name=_readable(_value(parts, "name")),
            port=_number(_value(parts, "port")),
            line=min(entry.line for entry in parts.values()),
        )
        for index, parts in found.items()
        if "name" in parts or "port" in parts
    )


def timeouts(document: Document) -> Iterator[Timeout]:
    """Yield every limit in force that bears on HA or on waiting for an HSM, statusTimeout first."""
    for section in ("HAConfiguration", "LunaSA Client", "Luna"):
        facts = section_facts(section)
        known = [entry for entry in facts.entries.values() if entry.unit in {"s", "ms"}] if facts else []
        for entry in sorted(known, key=lambda entry: entry.name != "statusTimeout"):
            if entry.platform in {None, "windows" if document.windows else "unix"}:
                live = document.entries(section, entry.name)
                yield Timeout(
                    section=section,
                    key=entry.name,
                    value=readable(live[0].value) if live else entry.default,
                    unit="s" if entry.unit == "s" else "ms",
                    source="file" if live else "default" if entry.default else "unknown",
                    line=live[0].line if live else None,
                    meaning=entry.meaning,
                )


def _numbered(document: Document, section: str, pattern: str) -> dict[int, dict[str, Entry]]:
    """Return number -> part -> first entry, for a family of entries; the pattern has one group for each."""
    expression = re.compile(pattern, re.IGNORECASE if document.windows else 0)
    found: dict[int, dict[str, Entry]] = {}
    for entry in (entry for each in document.sections_named(section) for entry in each.entries):
        match = expression.fullmatch(entry.name)
        if match:
            number, part = sorted(match.groups())
            found.setdefault(int(number), {}).setdefault(part.lower(), entry)
    return dict(sorted(found.items()))


def _sections(document: Document) -> Iterator[SectionView]:
    for section in document.sections:
        entries = tuple(
            EntryView(
                name=readable(entry.name),
                value=None if is_secret(entry.name) else readable(entry.value),
                secret=is_secret(entry.name),
                line=entry.line,
            )
            for entry in section.entries
        )
        yield SectionView(name=readable(section.name), line=section.line, entries=entries)


def _problems(document: Document) -> Iterator[ProblemView]:
    for problem in document.problems:
        line, column = document.position(problem.line, problem.start)
        yield ProblemView(code=problem.code, message=readable(problem.message), line=line, column=column)


def _value(parts: dict[str, Entry], part: str) -> str | None:
    return parts[part].value if part in parts else None


def _readable(value: str | None) -> str | None:
    return None if value is None else readable(value)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None


def _list(value: str | None) -> tuple[str, ...]:
    return tuple(readable(part) for part in _MEMBERS.split(value) if part) if value else ()
