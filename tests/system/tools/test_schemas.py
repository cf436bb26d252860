"""The JSON Schemas of the outputs: one for each, current, and valid."""

from __future__ import annotations

import json

import jsonschema
import pytest

from testing.programs import REPOSITORY
from tools.schemas import OUTPUTS, schema

COMMITTED = REPOSITORY / "schemas" / "json"


def test_there_is_a_schema_for_each_output() -> None:
    assert {path.stem for path in COMMITTED.glob("*.json")} == set(OUTPUTS)


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_committed_schema_is_current(output: str) -> None:
    assert (COMMITTED / f"{output}.json").read_text() == schema(output)


def test_every_schema_is_a_schema() -> None:
    for output in OUTPUTS:
        jsonschema.Draft202012Validator.check_schema(json.loads(schema(output)))
