"""chrystoki_config as a process: many entries at once, all or none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from testing.ansible_running import run_module

if TYPE_CHECKING:
    from pathlib import Path

    from testing.ansible_running import Finished

SOURCE = b"HAConfiguration = {\n   HAOnly = 0;\n   statusTimeout = 3;\n}\nMisc = {\n   ToolsDir = /bin;\n}\n"
CANARY = "Kanarie4711vogel"
CHANGES = {
    "set": {"HAConfiguration": {"HAOnly": 1, "statusTimeout": 10}},
    "secrets": {"REST": {"AuthTokenClientSecret": CANARY}},
    "unset": {"Misc": ["ToolsDir"]},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(SOURCE)
    return path


def config(python: str, root: Path, path: Path, **arguments: Any) -> Finished:
    return run_module(python, root, "chrystoki_config", {"path": str(path), **arguments})


def test_check_mode_predicts_what_happens_and_the_second_run_changes_nothing(
    python: str, root: Path, file: Path
) -> None:
    predicted = config(python, root, file, **CHANGES, _ansible_check_mode=True, _ansible_diff=True)
    assert predicted.result["changed"] is True
    assert file.read_bytes() == SOURCE
    done = config(python, root, file, **CHANGES, _ansible_diff=True)
    assert done.result["diff"] == predicted.result["diff"]
    assert file.read_bytes() == (
        b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 10;\n}\nMisc = {\n}\n"
        b"REST = {\n   AuthTokenClientSecret = " + CANARY.encode() + b";\n}\n"
    )
    again = config(python, root, file, **CHANGES, _ansible_diff=True)
    assert again.result["changed"] is False
    for each in (predicted, done, again):
        assert CANARY not in json.dumps(each.result)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"set": {"HAConfiguration": {"HAOnyl": 1, "statusTimeout": 99}}}, "did you mean HAOnly?"),
        ({"set": {"HAConfiguration": {"HAOnyl": 1, "statusTimeout": 99}}}, "from 3 to 60"),
        ({"set": {"REST": {"AuthTokenClientSecret": "x"}}}, "put it into secrets"),
        ({"set": {"HAConfiguration": 1}}, "set.HAConfiguration must be a dictionary"),
        ({"set": {"HAConfiguration": {"HAOnly": [1]}}}, "must be a text or a whole number"),
        ({"unset": {"Misc": "ToolsDir"}}, "unset.Misc must be a list"),
        ({"set": {"Misc": {"ToolsDir": "/x"}}, "unset": {"Misc": ["ToolsDir"]}}, "set and unset"),
        ({"set": {"Misc": {"ToolsDir": "/x"}}, "validate": "true"}, "validate needs %s"),
        ({"set": {"Misc": {"ToolsDir": "/x"}}, "validate": "false %s"}, "validate ended with 1"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    python: str, root: Path, file: Path, arguments: dict[str, Any], message: str
) -> None:
    done = config(python, root, file, **arguments)
    assert done.result["failed"] is True
    assert message in done.result["msg"]
    assert file.read_bytes() == SOURCE
