"""The field report as data: what `confkit report` writes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SystemView(_Model):
    """The machine: what decides how structures lie in memory and what a library can be linked with."""

    system: str
    machine: str
    c_library: str
    python: str
    confkit: str


class LibraryView(_Model):
    """The client library's file, which was read for this and not loaded."""

    name: str = Field(description="The vendor's usual name, else a pseudonym")
    functions: tuple[str, ...] = Field(description="Exported functions whose names begin with C_ or CA_")
    other_functions: int = Field(description="How many more are exported")


class EntryView(_Model):
    """An entry of the file; a name that the catalogue does not know is a pseudonym, and so is a value but a number."""

    name: str
    value: str


class SectionView(_Model):
    """A section of the file."""

    name: str
    entries: tuple[EntryView, ...]


class ConfigurationView(_Model):
    """The configuration file, and whether the library opened it."""

    found_by: Literal["option", "variable", "default"]
    name: str = Field(description="A usual name, else a pseudonym")
    form: Literal["unix", "windows"]
    status_timeout_seconds: int | None = Field(description="In force; null where the file holds no usable value")
    status_timeout_source: Literal["file", "default"]
    opened: bool | None = Field(description="Somebody opened it while the library was at work; null: nobody knows")
    etc_opened: bool | None = Field(description="The same of /etc/Chrystoki.conf; null also where there is none")
    sections: tuple[SectionView, ...]


class ClientView(_Model):
    """What C_GetInfo says."""

    cryptoki_version: str
    library_version: str
    manufacturer: str
    description: str


class TokenView(_Model):
    """What C_GetTokenInfo says of a slot."""

    returned: str
    label: str
    serial: str
    model: str
    manufacturer: str
    flags: int
    firmware_version: str


class SlotView(_Model):
    """What C_GetSlotInfo says of a slot, and its token."""

    slot: int
    returned: str
    description: str
    manufacturer: str
    flags: int
    hardware_version: str
    firmware_version: str
    token: TokenView


class CallView(_Model):
    """One call of CA_GetCurrentHAState for the HA group."""

    seconds: float
    returned: str
    members: dict[str, str] = Field(description="Serial number, a pseudonym, to status; empty where nothing was read")


class AnswerView(_Model):
    """What a call of CA_GetCurrentHAState did to its buffer."""

    slot: int
    returned: str
    filling: int = Field(description="The byte that filled the buffer before the call")
    wrote: str = Field(description="Runs of bytes from the first on: digits, blanks, nul, other, or untouched")
    last_word: int | None = Field(description="The last CK_ULONG that was written, where it can be a count of members")
    problem: str | None = Field(description="Why the answer could not be read; null where it could, or had not to be")


class RunView(_Model):
    """One process in which the library was loaded and asked."""

    configuration: Literal["as it is", "a private copy with HAOnly = 0"]
    ended: str | None = Field(description="Why it ended early, and at what; null where it did not")
    client: ClientView | None
    slots: tuple[SlotView, ...]
    group_slot: int | None
    layout: str | None = Field(description="The structure that was recognised: serial20, serial16 or ulong")
    every_member_up: bool | None = Field(description="In all calls; null where no call told")
    calls: tuple[CallView, ...] = Field(description="All calls for the group, in their order")
    answers: tuple[AnswerView, ...] = Field(description="What they wrote; of equal answers the first")
    wrong_slot: AnswerView | None = Field(description="The call for a slot that there is none of")
    other_slot: AnswerView | None = Field(description="The call for a slot that is no HA group")


class FieldReport(_Model):
    """The whole report."""

    version: Literal[1] = 1
    kind: Literal["confkit field report"] = "confkit field report"
    system: SystemView
    library: LibraryView
    configuration: ConfigurationView
    runs: tuple[RunView, ...]
