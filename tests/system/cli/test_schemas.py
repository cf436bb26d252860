"""Every machine-readable output fits its committed JSON Schema, by somebody else's validator."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from confkit.emulator.group import running_group
from testing.command import confkit
from testing.programs import REPOSITORY, needs

ONE = b"Misc = {\n   ToolsDir = /a;\n}\nREST = {\n   AuthTokenClientSecret = x;\n   \xff = \xfe;\n}\n"
OTHER = b"[Misc]\r\nToolsDir=/b\r\n"


def validate(output: str, printed: str) -> None:
    schema = json.loads((REPOSITORY / "schemas" / "json" / f"{output}.json").read_text())
    jsonschema.validate(json.loads(printed), schema)


@pytest.mark.parametrize(
    ("output", "arguments"),
    [
        ("get", ("get", "Misc", "ToolsDir", "-c", "a.conf")),
        ("get", ("get", "Misc", "absent", "-c", "a.conf")),
        ("get", ("get", "REST", "AuthTokenClientSecret", "-c", "a.conf")),
        ("show", ("show", "-c", "a.conf")),
        ("diff", ("diff", "a.conf", "b.ini")),
        ("diff", ("diff", "a.conf", "a.conf")),
        ("edit", ("server", "add", "hsm1", "--dry-run", "--diff", "-c", "a.conf")),
        ("edit", ("set-timeout", "10", "-c", "a.conf")),
        ("edit", ("set", "Misc", "ToolsDir", "/b", "--dry-run", "-c", "a.conf")),
        ("edit", ("unset", "Misc", "ToolsDir", "--diff", "-c", "a.conf")),
        ("edit", ("ha", "only", "on", "--dry-run", "-c", "a.conf")),
        ("ha-list", ("ha", "list", "-c", "a.conf")),
        ("server-list", ("server", "list", "-c", "a.conf")),
        ("check", ("check", "-c", "a.conf")),
    ],
)
def test_outputs_fit_their_schemas(
    output: str, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.conf").write_bytes(ONE)
    (tmp_path / "b.ini").write_bytes(OTHER)
    monkeypatch.chdir(tmp_path)
    validate(output, confkit(*arguments, "--format", "json").out)


def test_a_verdict_fits_its_schema() -> None:
    needs("gcc")
    with running_group(2) as group:
        validate("check", confkit("check", "--calls", "5", "-c", group.config_path, "--format", "json").out)
