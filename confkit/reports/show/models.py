"""What `confkit show` prints as JSON, for its schema alone: the data itself is that of confkit.core.ha."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Model):
    """An HA group: a virtual token over the partitions whose serial numbers are its members."""

    index: int = Field(description="NN of VirtualTokenNN")
    label: str | None
    serial: str | None = Field(description="The group's pseudo serial number, VirtualTokenNNSN")
    members: tuple[str, ...]
    standby: tuple[str, ...] = Field(description="From <label>StandbyMembers in HAConfiguration")
    synchronize: str | None = Field(description="The value of the entry <label> in HASynchronize")
    line: int = Field(description="The first line that names the group")


class Server(_Model):
    """A network appliance from section LunaSA Client."""

    index: int = Field(description="NN of ServerNameNN")
    name: str | None
    port: int | None = Field(description="None where absent or not a number")
    line: int


class Timeout(_Model):
    """A limit in force: from the file, or the client's default."""

    section: str
    key: str
    value: str | None = Field(description="None where the file has none and no default is known")
    unit: Literal["s", "ms"]
    source: Literal["file", "default", "unknown"]
    line: int | None
    meaning: str


class EntryView(_Model):
    """An entry; the value of a secret one is None."""

    name: str
    value: str | None
    secret: bool
    line: int


class SectionView(_Model):
    """A section with its entries, in file order."""

    name: str
    line: int
    entries: tuple[EntryView, ...]


class ProblemView(_Model):
    """Something the parser met; line and column from 1."""

    code: str
    message: str
    line: int
    column: int


class FileView(_Model):
    """The JSON form of a file, and what it means for HA."""

    version: Literal[1] = 1
    path: str
    form: Literal["unix", "windows"]
    sections: tuple[SectionView, ...]
    groups: tuple[Group, ...]
    servers: tuple[Server, ...]
    timeouts: tuple[Timeout, ...]
    problems: tuple[ProblemView, ...]
