"""Builds hostile.c and odd_library.c, and finds the processes that a run of them left behind."""

from __future__ import annotations

import atexit
import functools
import subprocess
import tempfile
import time
from pathlib import Path

from testing.programs import needs


@functools.cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="confkit-hostile-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@functools.cache
def _build(source: str, define: str) -> Path:
    library = _folder() / f"lib{source}{define}.so"
    sources = [Path(__file__).with_name(f"{name}.c") for name in (source, "hostile_deeds")]
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *([f"-D{define}"] if define else [])]
    subprocess.run(["gcc", *flags, "-o", library, *sources], check=True)
    return library


def hostile_library(define: str = "") -> str:
    """Give the path of the library, compiled with `define`; skip the test where there is no compiler."""
    needs("gcc")
    return str(_build("hostile", define))


def odd_library(define: str = "") -> str:
    """Give the path of the library that is right but for one thing; skip the test where there is no compiler."""
    needs("gcc")
    return str(_build("odd_library", define))


def processes_with(mark: str) -> list[int]:
    """List the running processes that have the text `mark` in their environment or among their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and any(
                mark.encode() in (entry / name).read_bytes() for name in ("environ", "cmdline")
            ):
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
