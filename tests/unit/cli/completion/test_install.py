"""The scripts of the shells, and where wheels put them and the manual pages."""

from __future__ import annotations

import tomllib

import pytest

from confkit.cli.application import VERBS
from confkit.cli.completion.install import SHELLS, script
from testing.programs import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
SHARED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_wheel_carries_the_script_of_each_shell(shell: str) -> None:
    source = f"confkit/cli/completion/scripts/{SHELLS[shell]}"
    assert SHARED[source].startswith("share/")
    assert (REPOSITORY / source).read_text() == script(shell)


def test_a_wheel_carries_a_manual_page_of_each_command() -> None:
    (source,) = (source for source, target in SHARED.items() if target == "share/man/man1")
    pages = {path.name for path in (REPOSITORY / source).iterdir()}
    assert pages == {"confkit.1", *(f"confkit-{verb}.1" for verb in VERBS)}
