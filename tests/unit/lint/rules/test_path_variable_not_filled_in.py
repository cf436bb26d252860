"""CK706 path-variable-not-filled-in."""

from __future__ import annotations

import pytest

from testing.linting import diagnose_environment

VARIABLE = "ChrystokiConfigurationPath"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=CHANGEME\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=TODO\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=<dir>\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=~/luna\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=/opt/__DIR__/luna\n", 2),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=@DIR@\n", 2),
        ("Dockerfile", f"FROM x\nARG D=CHANGEME\nENV {VARIABLE}=${{D}}\n", 3),
        ("a.sh", f"export {VARIABLE}=<dir>\n", 1),
        ("a.sh", f'export {VARIABLE}="~/luna"\n', 1),
        ("a.sh", f"export {VARIABLE}='$HOME/luna'\n", 1),
        ("a.sh", f"export {VARIABLE}=CHANGE_ME\n", 1),
        (".env", f"{VARIABLE}=<dir>\n", 1),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=$HOME/luna\n", 2),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=~/luna\n", 2),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=${{DIR}}\n", 2),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: '<dir>'\n", 4),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: ~/luna\n", 4),
    ],
)
def test_found_and_nothing_else_is(path: str, text: str, line: int) -> None:
    assert [(each.code, each.line) for each in diagnose_environment(path, text)] == [("CK706", line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=$DIR\n"),
        ("Dockerfile", f"FROM x\nENV {VARIABLE}=${{DIR}}/luna\n"),
        ("a.sh", f"export {VARIABLE}=~/luna\n"),
        ("a.sh", f"export {VARIABLE}=$HOME/luna\n"),
        ("a.sh", f'export {VARIABLE}="$HOME/luna"\n'),
        ("a.sh", f'export {VARIABLE}="$(cd "$(dirname "$0")" && pwd)"\n'),
        ("a.sh", f"export {VARIABLE}=`dirname $F`\n"),
        (".env", f"{VARIABLE}=${{DIR}}/luna\n"),
        (".env", f"{VARIABLE}=~/luna\n"),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=%h/luna\n"),
        ("x.service", f"[Service]\nEnvironment={VARIABLE}=%E/luna\n"),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: '${{DIR}}'\n"),
        ("compose.yaml", f"services:\n  a:\n    environment:\n      {VARIABLE}: '${{DIR:?set it}}/luna'\n"),
        (".env.example", f"{VARIABLE}=<dir>\n"),
        ("Dockerfile.j2", f"FROM x\nENV {VARIABLE}={{{{ dir }}}}\n"),
        ("Dockerfile.template", f"FROM x\nENV {VARIABLE}=CHANGEME\n"),
    ],
)
def test_left_alone(path: str, text: str) -> None:
    assert diagnose_environment(path, text) == []
