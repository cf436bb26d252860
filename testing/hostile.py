"""Builds hostile.c, and finds the processes that a run of it left behind."""

from __future__ import annotations

import atexit
import functools
import subprocess
import tempfile
import time
from pathlib import Path

from testing.programs import needs

_SOURCES = [Path(__file__).with_name(name) for name in ("hostile.c", "hostile_deeds.c")]


@functools.cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="confkit-hostile-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@functools.cache
def _build(define: str) -> Path:
    library = _folder() / f"libhostile{define}.so"
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *([f"-D{define}"] if define else [])]
    subprocess.run(["gcc", *flags, "-o", library, *_SOURCES], check=True)
    return library


def hostile_library(define: str = "") -> str:
    """Give the path of the library, compiled with `define`; skip the test where there is no compiler."""
    needs("gcc")
    return str(_build(define))


def processes_with(mark: str) -> list[int]:
    """List the running processes that have the text `mark` in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:  # it has ended meanwhile, or belongs to somebody else
            continue
    return found


def left_behind(mark: str, seconds: float = 30.0) -> list[int]:
    """List the processes with `mark` that have not ended after `seconds`; empty as soon as there are none."""
    give_up = time.monotonic() + seconds
    while (found := processes_with(mark)) and time.monotonic() < give_up:
        time.sleep(0.02)
    return found


def wait_for_folder_to_go(folder: Path, seconds: float = 30.0) -> bool:
    """Tell whether `folder` is gone, waiting up to `seconds` for it."""
    give_up = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < give_up:
        time.sleep(0.02)
    return not folder.exists()
