"""The scripts of the shells, and where wheels put them and the manual pages."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from confkit.cli.application import VERBS
from confkit.cli.completion.install import SHELLS, install, script
from confkit.core.errors import FileError
from testing.programs import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
SHARED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_wheel_carries_the_script_of_each_shell(shell: str) -> None:
    source = f"confkit/cli/completion/scripts/{SHELLS[shell]}"
    assert SHARED[source].startswith("share/")
    assert (REPOSITORY / source).read_text() == script(shell)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_that_cannot_be_written_is_an_error_with_its_path(shell: str, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    written = Path(install(shell, environment)[0].removeprefix("wrote "))
    written.unlink()
    written.mkdir()  # a directory stands in its place
    with pytest.raises(FileError, match=r"cannot be written \(Is a directory\)") as refused:
        install(shell, environment)
    assert refused.value.path == str(written)


def test_a_wheel_carries_a_manual_page_of_each_command() -> None:
    (source,) = (source for source, target in SHARED.items() if target == "share/man/man1")
    pages = {path.name for path in (REPOSITORY / source).iterdir()}
    assert pages == {"confkit.1", *(f"confkit-{verb}.1" for verb in VERBS)}
