"""Start modules and plays of the assembled collection as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from testing.programs import REPOSITORY, packages_of, unmet

BIN = Path(sys.executable).parent
BUILD = REPOSITORY / "integrations" / "ansible" / "build.py"


class Finished(NamedTuple):
    """A module that ended: what it answered, and everything it printed."""

    result: dict[str, Any]
    output: str


def build(destination: Path, *options: str) -> str:
    """Assemble the collection with build.py as a process and return what that printed."""
    command = [sys.executable, str(BUILD), str(destination), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tool(name: str) -> str:
    """Return a program of ansible-core beside this Python; without it the test cannot run."""
    path = BIN / name
    if not path.exists():
        unmet(f"needs {name} of ansible-core", packages_of("integration"))
    return str(path)


def run_module(
    python: str, root: Path, name: str, arguments: dict[str, Any], environment: dict[str, str] | None = None
) -> Finished:
    """Run a module as Ansible does on a host, without a controller; `root` holds ansible and ansible_collections."""
    said = {"_ansible_remote_tmp": str(root / "remote"), "_ansible_keep_remote_files": False, **arguments}
    variables = {"PYTHONPATH": str(root), "PATH": os.environ["PATH"], "HOME": str(root), **(environment or {})}
    done = subprocess.run(
        [python, "-m", f"ansible_collections.confkit.luna.plugins.modules.{name}"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": said}),
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    return Finished(json.loads(done.stdout), done.stdout + done.stderr)


def play(
    folder: Path, root: Path, tasks: str, *options: str, python: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a play with these tasks (YAML, one a line) on localhost and return what it printed."""
    lines = ["- hosts: all", "  gather_facts: false", "  tasks:"]
    (folder / "play.yml").write_text("\n".join([*lines, *(f"    {line}" for line in tasks.splitlines())]) + "\n")
    command = [tool("ansible-playbook"), "-i", "localhost,", "-c", "local", "play.yml"]
    return subprocess.run(
        [*command, "-e", f"ansible_python_interpreter={python}", *options],
        cwd=folder,
        env=controller(folder, root) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def controller(folder: Path, root: Path) -> dict[str, str]:
    """Return the environment of a controller that keeps all it writes in `folder`."""
    return {
        **os.environ,
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "home" / "local"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "home" / "remote"),
        "ANSIBLE_COLLECTIONS_PATH": str(root),
        "ANSIBLE_NOCOLOR": "1",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
