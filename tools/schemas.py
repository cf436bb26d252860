"""The JSON Schemas of all machine-readable outputs, schemas/json."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter

from confkit.config.change_model import ChangeFile
from confkit.config.compare import DiffReport
from confkit.core.view import GroupsReport, ServersReport, View
from confkit.fieldreport.models import FieldReport
from confkit.reports.check.models import CheckView
from confkit.reports.edit import EditReport
from confkit.reports.entry import GetReport
from confkit.reports.explain.rules import RulesReport
from tools.lint_schema import lint_report


@dataclass(frozen=True, kw_only=True)
class ShowReport(View):
    """The JSON form of a file, and what it means for HA."""

    version: Literal[1]
    path: str


# file name without .json -> what the command of that name prints; changes is what `apply` reads
OUTPUTS: dict[str, Any] = {
    "changes": ChangeFile,
    "check": CheckView,
    "diff": DiffReport,
    "edit": EditReport,
    "get": GetReport,
    "ha-list": GroupsReport,
    "lint": lint_report(),
    "report": FieldReport,
    "rules": RulesReport,
    "server-list": ServersReport,
    "show": ShowReport,
}
READ = {"changes"}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(output: str) -> str:
    """Return the JSON Schema of one of `OUTPUTS`, as the text of its file."""
    _describe(OUTPUTS[output])
    described = TypeAdapter(OUTPUTS[output]).json_schema(mode="validation" if output in READ else "serialization")
    return json.dumps({"$schema": _DIALECT, **described}, indent=2) + "\n"


def _describe(kind: object) -> None:
    """Have pydantic take the texts below the fields of a dataclass, and of those in it, for their descriptions."""
    if is_dataclass(kind) and isinstance(kind, type):
        if "__pydantic_config__" not in vars(kind):
            kind.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True, extra="forbid")  # type: ignore[attr-defined]
        hints = get_type_hints(kind)
        for field in fields(kind):
            _describe(hints[field.name])
    for part in get_args(kind):
        _describe(part)
