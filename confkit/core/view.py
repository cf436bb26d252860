"""What a file says as plain data: its entries, HA groups, servers, and the timeouts in force.

Whatever a file holds is shown; judging it is the linter's work. `confkit show --format json` prints a `View`, and
schemas/json/show.json describes it. Carried into modules that run on Python 3.8.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from confkit.core import ha
from confkit.core.catalogue.loader import section_facts
from confkit.core.redact import Redactor
from confkit.core.syntax.document import readable

if TYPE_CHECKING:
    from typing import Iterator

    from confkit.core.syntax import Document, Entry


@dataclass(frozen=True)
class GroupView:
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
class ServerView:
    """A network appliance from section LunaSA Client."""

    index: int
    """NN of ServerNameNN"""
    name: str | None
    port: int | None
    """None where absent or not a number"""
    line: int


@dataclass(frozen=True)
class TimeoutView:
    """A limit in force: from the file, or the client's default."""

    section: str
    key: str
    value: str | None
    """None where the file has none and no default is known"""
    unit: Literal["s", "ms"]
    source: Literal["file", "default", "unknown"]
    line: int | None
    meaning: str


@dataclass(frozen=True)
class EntryView:
    """An entry. The value of a secret is None; a secret inside a value, and that of an unknown entry, is masked."""

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

    form: Literal["unix", "windows"]
    sections: tuple[SectionView, ...]
    groups: tuple[GroupView, ...]
    servers: tuple[ServerView, ...]
    timeouts: tuple[TimeoutView, ...]
    problems: tuple[ProblemView, ...]


@dataclass(frozen=True)
class ServersReport:
    """What `confkit server list --format json` prints."""

    version: Literal[1]
    path: str
    servers: tuple[ServerView, ...]


@dataclass(frozen=True)
class GroupsReport:
    """What `confkit ha list --format json` prints."""

    version: Literal[1]
    path: str
    groups: tuple[GroupView, ...]


_Part = TypeVar("_Part", GroupView, ServerView, TimeoutView)


def view(document: Document) -> View:
    """Return everything `confkit show` knows of a file, without its secrets; never raises, whatever the file holds."""
    redactor = Redactor(document.lines)
    return View(
        form="windows" if document.windows else "unix",
        sections=tuple(_sections(document, redactor)),
        groups=group_views(document, redactor),
        servers=server_views(document, redactor),
        timeouts=tuple(_redacted(each, redactor, "value") for each in timeouts(document)),
        problems=tuple(_problems(document, redactor)),
    )


def group_views(document: Document, redactor: Redactor) -> tuple[GroupView, ...]:
    """Return the HA groups without the secrets in them."""
    return tuple(_redacted(group, redactor) for group in groups(document))


def server_views(document: Document, redactor: Redactor) -> tuple[ServerView, ...]:
    """Return the servers without the secrets in them."""
    return tuple(_redacted(server, redactor) for server in servers(document))


def _redacted(part: _Part, redactor: Redactor, *names: str) -> _Part:
    """Return a part of the view without the secrets in its text: in the fields named, or in all of them."""
    shown: dict[str, Any] = {}
    for field in names or [field.name for field in fields(part)]:
        value = getattr(part, field)
        if isinstance(value, str):
            shown[field] = redactor.hide_value("", value) or ""
        elif isinstance(value, tuple):
            shown[field] = tuple(redactor.hide_value("", each) or "" for each in value)
    return replace(part, **shown)


def groups(document: Document) -> tuple[GroupView, ...]:
    """Return the HA groups of section VirtualToken, by their numbers."""
    return tuple(_group(document, group) for group in ha.groups_of(document))


def _group(document: Document, group: ha.Group) -> GroupView:
    label = ha.unquoted(group.label.value) if group.label else None
    standby = document.entries(ha.SETTINGS, f"{label}{ha.STANDBY}") if label else []
    return GroupView(
        index=int(group.number),
        label=_readable(label),
        serial=_value(group.serial),
        members=tuple(map(readable, ha.serials(group.members))),
        standby=tuple(map(readable, ha.serials(standby[0]))) if standby else (),
        synchronize=_readable(document.get(ha.SYNCHRONIZE, label)) if label else None,
        line=min(entry.line for entry in group.entries),
    )


def servers(document: Document) -> tuple[ServerView, ...]:
    """Return the servers of section LunaSA Client, by their numbers."""
    return tuple(
        ServerView(
            index=int(server.number),
            name=_value(server.name),
            port=_number(ha.unquoted(server.port.value) if server.port else None),
            line=min(entry.line for entry in server.entries if entry is not server.htl),
        )
        for server in ha.servers_of(document)
        if server.name or server.port
    )


def timeouts(document: Document) -> Iterator[TimeoutView]:
    """Yield every limit in force that bears on HA or on waiting for an HSM, statusTimeout first."""
    for section in ("HAConfiguration", "LunaSA Client", "Luna"):
        facts = section_facts(section)
        known = [entry for entry in facts.entries.values() if entry.unit in {"s", "ms"}] if facts else []
        for entry in sorted(known, key=lambda entry: entry.name != "statusTimeout"):
            if entry.platform in {None, "windows" if document.windows else "unix"}:
                live = document.entries(section, entry.name)
                yield TimeoutView(
                    section=section,
                    key=entry.name,
                    value=readable(live[0].value) if live else entry.default,
                    unit="s" if entry.unit == "s" else "ms",
                    source="file" if live else "default" if entry.default else "unknown",
                    line=live[0].line if live else None,
                    meaning=entry.meaning,
                )


def _sections(document: Document, redactor: Redactor) -> Iterator[SectionView]:
    for section in document.sections:
        entries = tuple(_entry(entry, redactor) for entry in section.entries)
        yield SectionView(name=readable(redactor.hide(section.name)), line=section.line, entries=entries)


def _entry(entry: Entry, redactor: Redactor) -> EntryView:
    shown = redactor.hide_entry(entry.name, entry.value)
    name = readable(redactor.hide(entry.name))
    return EntryView(name, None if shown is None else readable(shown), secret=shown is None, line=entry.line)


def _problems(document: Document, redactor: Redactor) -> Iterator[ProblemView]:
    for problem in document.problems:
        line, column = document.position(problem.line, problem.start)
        yield ProblemView(code=problem.code, message=readable(redactor.hide(problem.message)), line=line, column=column)


def _value(entry: Entry | None) -> str | None:
    return None if entry is None else readable(ha.unquoted(entry.value))


def _readable(value: str | None) -> str | None:
    return None if value is None else readable(value)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None
