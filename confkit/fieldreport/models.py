"""The field report as data: what `confkit report` writes. schemas/json/report.json is made from these dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, dataclass_transform

_Part = TypeVar("_Part")


@dataclass_transform(frozen_default=True)
def _part(part: type[_Part]) -> type[_Part]:
    """Make a part of the report: a frozen dataclass whose schema has its docstrings and allows nothing else."""
    part.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # type: ignore[attr-defined]
    return dataclass(frozen=True)(part)


@_part
class ReportedSystem:
    """The machine: what decides the memory layout of structures and what a library can be linked with."""

    system: str
    machine: str
    c_library: str
    python: str
    confkit: str


@_part
class ReportedLibrary:
    """The client library's file, which was read for this and not loaded."""

    name: str
    """The vendor's usual name, else a pseudonym"""
    functions: tuple[str, ...]
    """Exported functions whose names begin with C_ or CA_"""
    other_functions: int
    """How many more are exported"""


@_part
class ReportedEntry:
    """An entry of the file; names that the catalogue does not know are pseudonyms, and so are values but numbers."""

    name: str
    value: str


@_part
class ReportedSection:
    """A section of the file."""

    name: str
    entries: tuple[ReportedEntry, ...]


@_part
class ReportedConfiguration:
    """The configuration file, and whether the library opened it."""

    found_by: Literal["option", "variable", "default"]
    name: str
    """A usual name, else a pseudonym"""
    form: Literal["unix", "windows"]
    status_timeout_seconds: int | None
    """In force; null where the file holds no usable value"""
    status_timeout_source: Literal["file", "default"]
    opened: bool | None
    """A process opened it while the library was in use; null: unknown"""
    etc_opened: bool | None
    """The same of /etc/Chrystoki.conf; null also where there is none"""
    sections: tuple[ReportedSection, ...]


@_part
class ReportedClient:
    """What C_GetInfo says."""

    cryptoki_version: str
    library_version: str
    manufacturer: str
    description: str


@_part
class ReportedToken:
    """What C_GetTokenInfo says of a slot."""

    returned: str
    label: str
    serial: str
    model: str
    manufacturer: str
    flags: int
    firmware_version: str


@_part
class ReportedSlot:
    """What C_GetSlotInfo says of a slot, and its token."""

    slot: int
    returned: str
    description: str
    manufacturer: str
    flags: int
    hardware_version: str
    firmware_version: str
    token: ReportedToken


@_part
class ReportedCall:
    """One call of CA_GetCurrentHAState for the HA group."""

    seconds: float
    returned: str
    members: dict[str, str]
    """Serial number, a pseudonym, to status; empty where nothing was read"""


@_part
class ReportedAnswer:
    """What a call of CA_GetCurrentHAState did to its buffer."""

    slot: int
    returned: str
    filling: int
    """The byte that filled the buffer before the call"""
    wrote: str
    """Runs of bytes from the first on: digits, spaces, nul, other, or untouched"""
    last_word: int | None
    """The last CK_ULONG that was written, where it can be a count of members"""
    problem: str | None
    """Why the answer could not be read; null where it could, or did not have to be"""


@_part
class ReportedRun:
    """One process in which the library was loaded and asked."""

    configuration: Literal["as it is", "a private copy with HAOnly = 0"]
    ended: str | None
    """Why it ended early, and at what; null where it did not"""
    client: ReportedClient | None
    slots: tuple[ReportedSlot, ...]
    group_slot: int | None
    layout: str | None
    """The structure that was recognised: serial20, serial16 or ulong"""
    every_member_up: bool | None
    """In all calls; null where no call told"""
    calls: tuple[ReportedCall, ...]
    """All calls for the group, in their order"""
    answers: tuple[ReportedAnswer, ...]
    """What they wrote; only the first of equal answers"""
    wrong_slot: ReportedAnswer | None
    """The call for a slot that does not exist"""
    other_slot: ReportedAnswer | None
    """The call for a slot that is not an HA group"""


@_part
class FieldReport:
    """The whole report."""

    version: Literal[1]
    kind: Literal["confkit field report"]
    system: ReportedSystem
    library: ReportedLibrary
    configuration: ReportedConfiguration
    runs: tuple[ReportedRun, ...]
