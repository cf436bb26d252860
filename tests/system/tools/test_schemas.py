"""The committed JSON Schemas are those of the program: `python -m tools.schemas schemas/json` makes them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import jsonschema
import pytest

from testing.programs import REPOSITORY
from tools.schemas import OUTPUTS, schema, write

if TYPE_CHECKING:
    from pathlib import Path

COMMITTED = REPOSITORY / "schemas" / "json"


def test_there_is_a_schema_for_each_output() -> None:
    assert {path.stem for path in COMMITTED.glob("*.json")} == set(OUTPUTS)


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_committed_schema_is_current(output: str) -> None:
    assert (COMMITTED / f"{output}.json").read_text() == schema(output)


def test_the_generator_writes_them_all(tmp_path: Path) -> None:
    by_command = tmp_path / "by-command"
    by_command.mkdir()
    subprocess.run([sys.executable, "-m", "tools.schemas", by_command], check=True, cwd=REPOSITORY)
    write(str(tmp_path))
    for output in OUTPUTS:
        written = (tmp_path / f"{output}.json").read_text()
        assert written == schema(output) == (by_command / f"{output}.json").read_text()
        jsonschema.Draft202012Validator.check_schema(json.loads(written))
