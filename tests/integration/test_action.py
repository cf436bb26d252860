"""The GitHub action: its scripts run as the runner runs them, with inputs that would like to be run."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from testing.programs import REPOSITORY, needs, needs_packages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ERROR = b"CardReader = {\n   RemoteCommand = 1\n}\n"
WARNING = b"CardReader = {\n   RemoteCommand = 1; // for a remote PED\n}\n"


class Done(NamedTuple):
    code: int
    out: str
    err: str
    outputs: str


def action() -> Any:
    needs_packages("test", "PyYAML")
    return importlib.import_module("yaml").safe_load((REPOSITORY / "action.yml").read_text())


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Done]:
    """Run the step that lints as GitHub's runner does, with the command of this environment in the place of its own."""
    needs("bash")
    described = action()
    workspace, temporary = tmp_path / "workspace", tmp_path / "temporary"
    workspace.mkdir()
    (temporary / "confkit" / "bin").mkdir(parents=True)
    command = temporary / "confkit" / "bin" / "confkit"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m confkit "$@"\n')
    command.chmod(0o755)
    script = tmp_path / "script.sh"
    (step,) = (step for step in described["runs"]["steps"] if step["name"] == "Lint")
    script.write_text(step["run"])

    def run(**inputs: str) -> Done:
        outputs = tmp_path / "outputs"
        outputs.touch()
        given = {name: each["default"] for name, each in described["inputs"].items()} | inputs
        variables = {
            variable: given[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]]  # type: ignore[index]
            for variable, value in step["env"].items()
        }
        environment = {**os.environ, **variables, "RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(outputs)}
        arguments = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            arguments, capture_output=True, text=True, check=False, timeout=60, env=environment, cwd=workspace
        )
        return Done(done.returncode, done.stdout, done.stderr, outputs.read_text())

    return run


def test_no_script_holds_an_expression_and_every_input_reaches_one() -> None:
    steps = action()["runs"]["steps"]
    assert all("${{" not in step["run"] for step in steps)
    handed = " ".join(value for step in steps for value in step["env"].values())
    assert [name for name in action()["inputs"] if f"inputs.{name} " not in handed] == []


def test_the_scripts_hold_to_the_shell_they_are_for() -> None:
    needs("bash")
    for step in action()["runs"]["steps"]:
        assert step["shell"] == "bash"
        subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True, timeout=60)


def test_annotations_and_the_exit_code(tmp_path: Path, run: Callable[..., Done]) -> None:
    (tmp_path / "workspace" / "Chrystoki.conf").write_bytes(ERROR)
    (tmp_path / "workspace" / "other.conf").write_bytes(WARNING)
    done = run()
    assert (done.code, done.outputs) == (1, "")
    assert done.out.startswith("::error file=Chrystoki.conf,line=2,")
    assert run(paths="other.conf").code == 0
    assert run(paths="other.conf", **{"fail-on": "warning"}).code == 1


def test_sarif_goes_to_a_file_outside_of_the_repository(tmp_path: Path, run: Callable[..., Done]) -> None:
    (tmp_path / "workspace" / "Chrystoki.conf").write_bytes(ERROR)
    done = run(format="sarif")
    assert (done.code, done.out) == (1, "")
    report = tmp_path / "temporary" / "confkit.sarif"
    assert done.outputs == f"sarif={report}\n"
    assert [each["ruleId"] for each in json.loads(report.read_text())["runs"][0]["results"]] == ["CK101"]


def test_no_report_is_named_where_there_is_none(run: Callable[..., Done]) -> None:
    done = run(format="sarif", settings="nowhere.toml")
    assert (done.code, done.outputs) == (3, "")


def test_several_paths_settings_and_a_baseline(tmp_path: Path, run: Callable[..., Done]) -> None:
    folder = tmp_path / "workspace" / "a folder"
    folder.mkdir()
    (folder / "Chrystoki.conf").write_bytes(ERROR)
    (tmp_path / "workspace" / "-x.conf").write_bytes(WARNING)
    (tmp_path / "settings.toml").write_text('fail-on = "info"\n')
    both = run(paths="a folder\n\n-x.conf\n", settings=str(tmp_path / "settings.toml"))
    assert both.code == 1
    assert [line.split(",")[0] for line in both.out.splitlines()] == [
        "::error file=a folder/Chrystoki.conf",
        "::warning file=-x.conf",
    ]
    assert run(settings="nowhere.toml").code == 3
    assert run(baseline="nowhere.json").code == 3


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "x\ntouch pwned\n",
    "--settings=x --fix",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["paths", "format", "fail-on", "settings", "baseline"])
def test_no_input_is_run(tmp_path: Path, run: Callable[..., Done], name: str, value: str) -> None:
    done = run(**{name: value})
    assert done.code in {2, 3}
    assert os.listdir(tmp_path / "workspace") == []
    assert done.outputs == ""
