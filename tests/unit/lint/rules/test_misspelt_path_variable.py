"""CK709 misspelt-path-variable."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment

VARIABLE = "ChrystokiConfigurationPath"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", "FROM x\nENV chrystokiConfigurationPath=/etc/luna\n", 2),
        ("Dockerfile", "FROM x\nENV CHRYSTOKICONFIGURATIONPATH /etc/luna\n", 2),
        ("Dockerfile", "FROM x\nCOPY Chrystoki.conf /opt/luna/\nENV ChrystokiConfigurationPaht=/opt/luna\n", 3),
        ("a.sh", "export ChrystokyConfigurationPath=/etc/luna\n", 1),
        ("a.sh", "export CrystokiConfigurationPath=/etc/luna\n", 1),
        ("x.service", "[Service]\nEnvironment=ChrystokiconfigurationPath=/etc/luna\n", 2),
        (".env", "ChrystokiConfigurationpath=/etc/luna\n", 1),
        ("compose.yaml", "services:\n  a:\n    environment:\n      chrystokiConfigurationPath: /x\n", 4),
        ("compose.yaml", "services:\n  a:\n    environment:\n      - ChrystokiConfigurationPaths=/x\n", 4),
    ],
)
def test_found_and_nothing_else_is(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK709", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=/etc/luna\n"),
        ("a.sh", f"chrystokiConfigurationPath=/etc/luna\nexport {VARIABLE}=$chrystokiConfigurationPath\n"),
        ("a.sh", "CHRYSTOKI_CONFIGURATION_PATH=/etc/luna\n"),
        ("a.sh", "# export chrystokiConfigurationPath=/etc/luna\n"),
        ("a.sh", f"export {VARIABLE}=/etc/luna chrystokiConfigurationPath=/etc/luna\n"),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      chrystokiConfigurationPath: /x\n      {VARIABLE}: /x\n",
        ),
    ],
)
def test_left_alone(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
