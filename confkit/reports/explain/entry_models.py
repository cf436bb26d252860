"""What `confkit get` and `confkit diff` print as JSON, for their schemas alone: the commands import no pydantic."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GetReport(_Model):
    """One entry; `value` is null where it is absent, and where it is a secret."""

    version: Literal[1] = 1
    path: str
    section: str
    key: str
    value: str | None
    line: int | None = Field(description="Null where the entry is absent")


class Side(_Model):
    """The value of an entry in one of the files; null where it is a secret."""

    value: str | None
    line: int


class Difference(_Model):
    """An entry on which two files do not agree: all its values in each of them, in file order."""

    section: str
    key: str
    secret: bool
    one: tuple[Side, ...]
    other: tuple[Side, ...]


class DiffReport(_Model):
    """The differences of meaning between two files."""

    version: Literal[1] = 1
    paths: tuple[str, str]
    differences: tuple[Difference, ...]
