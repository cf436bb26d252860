"""CK707 malformed-path-variable."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment

VARIABLE = "ChrystokiConfigurationPath"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE} = /etc/luna\n", 2),
        ("Dockerfile", f"FROM x\nCOPY Chrystoki.conf /etc/luna/\nENV {VARIABLE}=C:\\\\luna\n", 3),
        ("Dockerfile", f'FROM x\nCOPY Chrystoki.conf /etc/luna/\nENV {VARIABLE}="C:/luna"\n', 3),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=C:\\\\luna\n", 2),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=D:/luna\n", 2),
        ("a.sh", f"export {VARIABLE} = /etc/luna\n", 1),
        ("a.sh", f"export {VARIABLE}= /etc/luna\n", 1),
        ("a.sh", f"{VARIABLE} =/etc/luna\n", 1),
        (
            "compose.yaml",
            f'services:\n  a:\n    environment:\n      - {VARIABLE}="/x"\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n',
            4,
        ),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      - {VARIABLE}='/x'\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n",
            4,
        ),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      - {VARIABLE}= /x\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n",
            4,
        ),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      - {VARIABLE} =/x\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n",
            4,
        ),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: \"'/x'\"\n", 4),
    ],
)
def test_found_and_nothing_else_is(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK707", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f'FROM x\nENV {VARIABLE}="/etc/luna"\n'),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}='/etc/luna'\n"),
        (
            "Dockerfile",
            f"FROM mcr.microsoft.com/windows/servercore\nCOPY crystoki.ini C:/luna/\nENV {VARIABLE}=C:\\\\luna\n",
        ),
        ("a.sh", f'export {VARIABLE}="/etc/luna"\n'),
        ("a.sh", f'[ "${VARIABLE}" = /etc/luna ]\n'),
        ("a.sh", f"test {VARIABLE} = /etc/luna\n"),
        ("a.sh", f"{VARIABLE}= /usr/bin/app\n"),
        ("x.service", f'[Service]\nEnvironment="{VARIABLE}=/etc/luna"\n'),
        (".env", f'{VARIABLE}="/etc/luna"\n'),
        (
            "compose.yaml",
            f"services:\n  a:\n    environment:\n      - {VARIABLE}=/x\n    volumes: [./Chrystoki.conf:/x/Chrystoki.conf]\n",
        ),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: '/x'\n"),
    ],
)
def test_left_alone(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
