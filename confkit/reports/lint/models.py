"""The JSON form of a lint: what `confkit lint --format json` prints; its JSON Schema is schemas/json/lint.json."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LintSummary(_Model):
    """How many files were looked at, and how many findings there are of each severity."""

    files: int = Field(ge=0, description="Files looked at, those that could not be read included")
    errors: int = Field(ge=0)
    warnings: int = Field(ge=0)
    infos: int = Field(ge=0)


class LintEdit(_Model):
    """What stands from (line, column) up to (end_line, end_column) becomes `text`.

    Lines and columns count from 1, columns in characters (Unicode code points) without a byte order mark; the end is
    exclusive, and behind a last line with a line end stands one more, empty, line. All edits of a fix are meant for the
    file as it was read; they do not overlap.
    """

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=1)
    text: str


class LintFix(_Model):
    """How to remove a finding."""

    description: str
    safe: bool = Field(
        description="Every reader that reads the entry today reads the same value afterwards, and nothing else changes"
    )
    edits: tuple[LintEdit, ...] = Field(
        description="Empty where an edit cannot be written here: it would repeat a secret, touches a byte order mark, "
        "or stands in a line that is not UTF-8. confkit lint --fix makes it all the same"
    )


class LintDiagnostic(_Model):
    """A finding; lines and columns from 1, columns in characters, the end exclusive."""

    code: str = Field(description="Stable, such as CK101")
    name: str = Field(description="The rule's name, such as missing-semicolon")
    severity: Literal["error", "warning", "info"]
    message: str = Field(description="One line; control characters are escaped")
    path: str = Field(description="As given on the command line, or below a folder that was")
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=1)
    section: str | None
    key: str | None
    help: str | None = Field(description="What to do")
    url: str = Field(description="The rule's page")
    fix: LintFix | None


class LintReport(_Model):
    """All findings in all files, in the order of the files."""

    version: Literal[1] = 1
    summary: LintSummary
    diagnostics: tuple[LintDiagnostic, ...]
