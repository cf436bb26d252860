"""Completion as a process: it loads neither typer nor a command, and never complains."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from testing.command import confkit

LOADED = """
import sys
from confkit.cli.main import main
main()
print(sorted(name for name in sys.modules if name.split(".")[0] in {"typer", "rich", "pydantic", "asyncio"}
             or name.startswith("confkit.cli.commands")), file=sys.stderr)
"""


def completed(*arguments: str, shell: str = "zsh") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "_CONFKIT_COMPLETE": shell}
    return subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("get", "LunaSA Cl"), "words\nLunaSA Client\t"),
        (("set", "HAConfiguration", "HAOnly", ""), "words\n0\t"),
        (("lint", "--select", "CK101"), "words\nCK101\tmissing-semicolon\n"),
        (("emulate", "--fault", "0=hang"), "words\n0=hang\t"),
    ],
)
def test_neither_typer_nor_a_command_is_loaded(arguments: tuple[str, ...], expected: str) -> None:
    done = completed(*arguments)
    assert done.stdout.startswith(expected)
    assert done.stderr == "[]\n"


def test_a_file_that_is_hostile_gives_no_control_characters(tmp_path: Path) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_bytes(b"A\x1b[31mB = {\n x = 1;\n}\nC$(id) = {\n x = 1;\n}\n\xff\xfe = {\n}\n")
    done = completed("get", "-c", str(file), "")
    assert "\x1b" not in done.stdout
    assert done.stdout.splitlines()[1] == "C$(id)"
    quoted = completed(f"confkit get -c {file} C", "=:", shell="bash")
    assert quoted.stdout.splitlines()[1] == r"C\$\(id\)"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_printed_and_installed(shell: str, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    shown = confkit("--show-completion", shell)
    assert (shown.code, shown.err) == (0, "")
    installed = confkit("--install-completion", shell, environment=environment)
    assert installed.code == 0
    path = Path(installed.out.splitlines()[0].removeprefix("wrote "))
    assert path.read_text() == shown.out
    assert path.is_relative_to(tmp_path)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_home_that_cannot_be_written_is_named(shell: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("no directory")
    done = confkit(
        "--install-completion", shell, environment={"HOME": str(home), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    )
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"confkit: {home}/")
    assert "the completion script cannot be written (Not a directory)" in done.err
    assert f"confkit --show-completion {shell}" in done.err
    assert "standard output" not in done.err


def test_a_shell_that_is_not_known_is_wrong_usage() -> None:
    done = confkit("--show-completion", "tcsh")
    assert done.code == 2
    assert "bash, zsh, fish" in done.err
