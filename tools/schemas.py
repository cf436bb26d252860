"""The JSON Schemas of all machine-readable outputs, schemas/json."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from confkit.fieldreport.models import FieldReport
from confkit.reports.check.models import CheckView
from confkit.reports.explain.entry_models import DiffReport, GetReport
from confkit.reports.explain.rule_models import RulesReport
from confkit.reports.show.models import FileView
from tools.lint_schema import lint_report

# file name without .json -> what the command of that name prints
OUTPUTS: dict[str, Any] = {
    "check": CheckView,
    "diff": DiffReport,
    "get": GetReport,
    "lint": lint_report(),
    "report": FieldReport,
    "rules": RulesReport,
    "show": FileView,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(output: str) -> str:
    """Return the JSON Schema of one of `OUTPUTS`, as the text of its file."""
    described = TypeAdapter(OUTPUTS[output]).json_schema(mode="serialization")
    return json.dumps({"$schema": _DIALECT, **described}, indent=2) + "\n"
