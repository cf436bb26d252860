"""CK708 relative-path-variable."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment

VARIABLE = "ChrystokiConfigurationPath"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=etc/luna\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=.\n", 2),
        ("Dockerfile", f'FROM x\nENV {VARIABLE}=""\n', 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=${{D:-etc/luna}}\n", 2),
        ("a.sh", f"export {VARIABLE}=luna\n", 1),
        ("a.sh", f"export {VARIABLE}=\n", 1),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=luna\n", 2),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=\n", 2),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: luna\n", 4),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: ''\n", 4),
    ],
)
def test_found_and_nothing_else_is(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK708", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=/etc/luna\n"),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=//etc/luna\n"),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=$D\n"),
        ("a.sh", f"export {VARIABLE}=${{D}}\n"),
        ("a.sh", f"export {VARIABLE}=$(pwd)\n"),
        ("a.sh", f"export {VARIABLE}=~\n"),
        ("a.sh", f"{VARIABLE}= /usr/bin/app\n"),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=%h\n"),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: \n"),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      - {VARIABLE}\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n",
        ),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: ~\n"),
    ],
)
def test_left_alone(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
