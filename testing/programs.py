"""What a test needs from the machine: a program, or the folder of real files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def needs(*programs: str) -> None:
    """Skip the running test where one of `programs` is missing; fail instead when CONFKIT_REQUIRE_PROGRAMS is set.

    A bare machine may lack them; the continuous integration installs them all, and there a skip would hide something.
    """
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        unmet(f"needs the program {', '.join(missing)} on the PATH")


def unmet(reason: str) -> None:
    """Skip the running test for `reason`, or fail it when CONFKIT_REQUIRE_PROGRAMS is set."""
    if os.environ.get("CONFKIT_REQUIRE_PROGRAMS"):
        pytest.fail(f"not run although everything is required here: {reason}")
    pytest.skip(reason)


def unmeasured() -> dict[str, str]:
    """Return the environment for a process whose imports are looked at: coverage, where it runs, brings its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def corpus() -> list[Path]:
    """Real files of public projects, none if missing: $CONFKIT_CORPUS, else ../shared/corpus beside the checkout."""
    folder = Path(os.environ.get("CONFKIT_CORPUS") or REPOSITORY.parent / "shared" / "corpus")
    return sorted(path for path in folder.glob("*") if path.suffix in {".conf", ".ini"})


def python38() -> str | None:
    """Return an interpreter that starts: the name alone may be a stub of a version manager."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which("python3.8", path=folder)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return None
