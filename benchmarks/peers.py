"""The programs that confkit is compared with, and confkit as users install it, in an environment of their own."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import subprocess
import sys
import venv
from pathlib import Path

PEERS = ("ConfigUpdater", "tomlkit", "crossplane", "crudini", "yamllint")
REPOSITORY = Path(__file__).resolve().parent.parent


@functools.cache
def folder() -> Path:
    """Return the virtual environment, made when it is missing; the newest peers come from the package registry then.

    It lies in the user's cache, so that nothing of it gets into the repository. confkit is installed anew from this
    checkout, not editable: an editable install, and the .pth file of coverage, would be part of every start.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    made = cache / "confkit-benchmarks" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    complete, wanted = made / "complete", " ".join(PEERS)
    if not complete.exists() or complete.read_text() != wanted:
        venv.create(made, clear=True, with_pip=True)
        _install(made, *PEERS, f"typer=={importlib.metadata.version('typer')}", str(REPOSITORY))
        complete.write_text(wanted)
    _install(made, "--force-reinstall", "--no-deps", str(REPOSITORY))
    return made


def program(name: str) -> str:
    """Return the path of a program of the environment."""
    return str(folder() / "bin" / name)


def importable() -> None:
    """Let this process import the peers, behind everything of its own."""
    (packages,) = (folder() / "lib").glob("python*/site-packages")
    if str(packages) not in sys.path:
        sys.path.append(str(packages))


def named(package: str) -> str:
    """Return the name of an installed peer with its version."""
    (packages,) = (folder() / "lib").glob("python*/site-packages")
    (found,) = importlib.metadata.distributions(name=package, path=[str(packages)])
    return f"{package} {found.version}"


def _install(made: Path, *what: str) -> None:
    command = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=sys.stderr, env=environment)
