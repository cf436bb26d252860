"""The change file as a model, for its JSON Schema and for what is said of one that is wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr


class _ChangeModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FromEnvironment(_ChangeModel):
    """A value that an environment variable holds."""

    env: StrictStr = Field(min_length=1, description="The name of the variable")


class FromFile(_ChangeModel):
    """A value that a file holds: all of it, but for one line ending at its end."""

    file: StrictStr = Field(min_length=1, description="Its path; relative to the directory of the change file")


Value = StrictStr | StrictBool | StrictInt | FromEnvironment | FromFile


class ChangeFile(_ChangeModel):
    """Changes of a configuration file: all of them are made, or none."""

    version: Literal[1] = 1
    set: dict[str, dict[str, Value]] = Field(default={}, description="Section -> entry -> value; true is 1, false is 0")
    unset: dict[str, list[Annotated[str, Field(strict=True)]]] = Field(default={}, description="Section -> entries")
