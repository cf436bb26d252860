"""The JSON form of a lint for its schema: the fields of the linter's own diagnostics, with notes for who reads it."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from pydantic import ConfigDict, Field

from confkit.lint.diagnostics import Diagnostic, Fix
from confkit.lint.results import Summary
from confkit.reports.lint.edits import TextEdit
from confkit.reports.lint.json_format import COUNTS, NOT_SHOWN, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

_FROM_ONE = Field(ge=1)
_PLACE = dict.fromkeys(("line", "column", "end_line", "end_column"), _FROM_ONE)


def lint_report() -> type:
    """Return what `confkit lint --format json` prints, as a dataclass for pydantic's TypeAdapter."""
    summary = _shape(
        "LintSummary",
        "How many files were looked at, and how many findings there are of each severity.",
        {name: kind for name, kind in get_type_hints(Summary).items() if name in COUNTS},
        {
            "files": Field(ge=0, description="Files looked at, those that could not be read included"),
            **dict.fromkeys(("errors", "warnings", "infos"), Field(ge=0)),
        },
    )
    edit = _shape(
        "LintEdit",
        "What stands from (line, column) up to (end_line, end_column) becomes `text`.\n\n"
        "Lines and columns count from 1, columns in characters (Unicode code points) without a byte order mark; the "
        "end is\nexclusive, and behind a last line with a line ending stands one more, empty, line. All edits of a fix "
        "are meant for the\nfile as it was read; they do not overlap.",
        get_type_hints(TextEdit),
        _PLACE,
    )
    fix = _shape(
        "LintFix",
        "How to remove a finding.",
        {**get_type_hints(Fix), "edits": _tuple_of(edit)},
        {
            "safe": Field(
                description="Every reader that reads the entry today reads the same value afterwards, and nothing else "
                "changes"
            ),
            "edits": Field(
                description="Empty where an edit cannot be written here: it would repeat a secret, is very long, "
                "touches a byte order mark, or stands in a line that is not UTF-8. confkit lint --fix makes it all the "
                "same"
            ),
        },
    )
    diagnostic = _shape(
        "LintDiagnostic",
        "A finding; lines and columns from 1, columns in characters, the end exclusive.",
        {
            **{name: kind for name, kind in get_type_hints(Diagnostic).items() if name not in NOT_SHOWN},
            "fix": fix | None,
        },
        {
            **_PLACE,
            "code": Field(description="Stable, such as CK101"),
            "name": Field(description="The rule's name, such as missing-semicolon"),
            "message": Field(description="One line; control characters are escaped"),
            "path": Field(description="As given on the command line, or below a directory that was"),
            "help": Field(description="What to do"),
            "url": Field(description="The rule's page"),
        },
    )
    return _shape(
        "LintReport",
        "All findings in all files, in the order of the files.",
        {"version": Literal[VERSION], "summary": summary, "diagnostics": _tuple_of(diagnostic)},
        {},
    )


def _tuple_of(kind: Any) -> Any:  # noqa: ANN401 - a type made at run time
    return tuple[kind, ...]


def _shape(name: str, description: str, types: Mapping[str, Any], notes: Mapping[str, Any]) -> type:
    fields = [(field, Annotated[kind, notes[field]] if field in notes else kind) for field, kind in types.items()]
    config = {"__doc__": description, "__pydantic_config__": ConfigDict(extra="forbid")}
    return make_dataclass(name, fields, namespace=config, frozen=True)
