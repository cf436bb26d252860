"""The two commands of the README, and that `.ci/run` begins with them as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.programs import REPOSITORY, needs

if TYPE_CHECKING:
    from pathlib import Path

README = REPOSITORY / "README.md"


def command(name: str) -> str:
    """Return a command of the README, as a reader copies it."""
    (found,) = re.findall(rf"<!-- command: {name} -->\n```console\n(.*?)```", README.read_text(), re.DOTALL)
    return str(found)


def checkout(directory: Path, **commands: str) -> Path:
    """A checkout that holds .ci/run and a README with other commands under the same marks."""
    shutil.copytree(REPOSITORY / ".ci", directory / ".ci")
    blocks = [f"<!-- command: {name} -->\n```console\n{text}\n```\n" for name, text in commands.items()]
    (directory / "README.md").write_text("# x\n\n" + "\n".join(blocks))
    return directory


def run(directory: Path) -> subprocess.CompletedProcess[str]:
    needs("bash", "timeout")
    return subprocess.run(
        ["bash", ".ci/run"],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "HOME": str(directory), "OURS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["demo", "tests"])
def test_the_readme_has_the_command_on_one_line(name: str) -> None:
    assert command(name).count("\n") == 1
    assert command(name).startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_the_test_command_runs_both_tiers_on_all_cores() -> None:
    assert command("tests").rstrip().endswith("-m pytest -n auto tests/unit tests/system")


def test_ci_begins_with_both_as_written_and_prepares_nothing(tmp_path: Path) -> None:
    """The second one fails here, so that nothing after it runs; the environment that each saw is the given one."""
    seen = checkout(tmp_path, demo="env > demo; echo 'a  b' > quoted", tests="env > tests; ls -A > there; exit 7")
    done = run(seen)
    assert done.returncode == 7, done.stdout + done.stderr
    assert done.stdout.startswith("+ env > demo; echo 'a  b' > quoted\n")
    assert "+ env > tests; ls -A > there; exit 7\n" in done.stdout
    assert (seen / "quoted").read_text() == "a  b\n"
    assert (seen / "there").read_text().split() == [".ci", "README.md", "demo", "quoted", "tests", "there"]
    for name in ("demo", "tests"):
        variables = dict(line.split("=", 1) for line in (seen / name).read_text().splitlines())
        assert variables["PATH"] == os.environ["PATH"]
        assert set(variables) - {"_", "PWD", "OLDPWD", "SHLVL"} == {"PATH", "HOME", "OURS"}


def test_ci_ends_where_the_demo_fails(tmp_path: Path) -> None:
    seen = checkout(tmp_path, demo="exit 5", tests="touch tests")
    assert run(seen).returncode == 5
    assert not (seen / "tests").exists()


def test_a_command_gets_no_input(tmp_path: Path) -> None:
    seen = checkout(tmp_path, demo="cat > demo", tests="exit 6")
    assert run(seen).returncode == 6
    assert (seen / "demo").read_text() == ""
