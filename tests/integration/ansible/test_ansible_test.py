"""`ansible-test` over the assembled collection: every sanity test, the unit tests, the integration targets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testing.ansible_running import BIN, tool
from testing.programs import found, interpreter

THIS_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"

# ansible-test installs pip into each environment it makes with a script from a server of the Ansible project, unless its
# cache has that script. This one unpacks the pip that Python brings: all else comes from the package index, and much sooner.
_GET_PIP = """\
import ensurepip, glob, os, sysconfig, zipfile
(wheel,) = glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl"))
zipfile.ZipFile(wheel).extractall(sysconfig.get_paths()["purelib"])
"""
_PIP_OF_ANSIBLE_TEST = "24_2"


@pytest.fixture(scope="module")
def collection_alone(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for ansible-test, which writes into the tree that it tests."""
    folder = tmp_path_factory.mktemp("tested") / "ansible_collections" / "confkit" / "luna"
    shutil.copytree(collection, folder)
    return folder


def ansible_test(collection: Path, *arguments: str) -> str:
    """Run ansible-test in the collection, with a home of its own, and return what it printed."""
    home = collection.parents[2] / "home"
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / f"get_pip_{_PIP_OF_ANSIBLE_TEST}.py").write_text(_GET_PIP)
    old = found("python3.8")
    folders = [str(BIN), *([str(Path(old).resolve().parent)] if old else []), os.environ["PATH"]]
    done = subprocess.run(
        [tool("ansible-test"), *arguments, "--color", "no"],
        cwd=collection,
        env={**unmeasured_and_quiet(), "HOME": str(home), "PIP_NO_COMPILE": "1", "PATH": os.pathsep.join(folders)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def unmeasured_and_quiet() -> dict[str, str]:
    """Return the environment without what would reach into the processes of ansible-test."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "PYTHON", "PYTEST"))}


def test_sanity_on_the_python_of_the_controller(collection_alone: Path) -> None:
    """Every sanity test there is; what belongs to one version of Python runs on this one, about 80 s in all."""
    said = ansible_test(collection_alone, "sanity", "--python", THIS_PYTHON)
    for name in ("ansible-doc", "compile", "ignores", "import", "pep8", "pylint", "validate-modules", "yamllint"):
        assert f'Running sanity test "{name}"' in said
    assert not list((collection_alone / "tests" / "sanity").glob("ignore*"))


def test_sanity_on_the_oldest_python_of_a_host(collection_alone: Path) -> None:
    interpreter("3.8")
    said = ansible_test(collection_alone, "sanity", "--python", "3.8", "--test", "compile", "--test", "import")
    assert 'Running sanity test "import" on Python 3.8' in said


def test_integration_targets(collection_alone: Path) -> None:
    said = ansible_test(collection_alone, "integration", "--local", "--python", THIS_PYTHON)
    for target in ("chrystoki_config", "chrystoki_entry", "chrystoki_info", "chrystoki_lint", "luna_ha_check"):
        assert f"Running {target} integration test role" in said


def test_unit_tests(collection: Path, python: str, tmp_path: Path) -> None:
    """With plain pytest: ansible-test would install its own into an environment, and runs the same files."""
    without = subprocess.run([python, "-c", "import pytest"], capture_output=True, check=False).returncode != 0
    runner = _with_pytest(python, tmp_path) if without else python
    done = subprocess.run(
        [runner, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "tests/unit"],
        cwd=collection,
        env={**unmeasured_and_quiet(), "PYTHONPATH": str(collection.parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def _with_pytest(python: str, folder: Path) -> str:
    """Return an interpreter like `python` in an environment that has pytest."""
    subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True, capture_output=True)
    inside = str(folder / "venv" / "bin" / "python")
    subprocess.run([inside, "-m", "pip", "install", "--quiet", "pytest"], check=True, capture_output=True)
    return inside
