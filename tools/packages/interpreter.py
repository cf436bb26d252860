"""CPython for the self-contained tree, built once for each state of its sources and kept in a cache directory."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from tools.packages.sources import SOURCES, fetch
from tools.packages.targets import TARGETS

if TYPE_CHECKING:
    from tools.packages.targets import Target

SCRIPT = Path(__file__).with_name("build_python.sh")
PROGRAM = "bin/python3.13"


def cache_directory() -> Path:
    """Return where sources and built interpreters are kept: CONFKIT_BUNDLE_CACHE, else below ~/.cache."""
    given = os.environ.get("CONFKIT_BUNDLE_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "confkit-bundle"


def build(target: Target) -> Path:
    """Return the directory of an installed CPython for `target`; minutes of compilation where the cache has none."""
    cache, work = cache_directory(), _work(target)
    if is_built(target):
        return work / "python"
    fetch(cache / "sources")
    own = target.machine == platform.machine()
    # a Python of the same minor version runs the build's own scripts: that of this machine, built first
    builder = "" if own else str(build(TARGETS[f"manylinux_2_17_{platform.machine()}"]) / PROGRAM)
    work.mkdir(parents=True, exist_ok=True)
    command = ["sh", str(SCRIPT), target.triple, target.machine, str(cache / "sources"), str(work), builder]
    # the date that CPython tells of its own compilation: none, so that builds repeat
    environment = {**os.environ, "ZIG": f"{sys.executable} -m ziglang", "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode != 0:
        raise SystemExit(f"CPython for {target.machine} could not be built: the logs are {work}/*.log")
    return work / "python"


def is_built(target: Target) -> bool:
    """Return whether the cache has the interpreter for `target`."""
    return (_work(target) / "cpython.done").exists()


def _work(target: Target) -> Path:
    return cache_directory() / f"python-{target.machine}-{_key(target)}"


def _key(target: Target) -> str:
    """Identify what an interpreter would be made from: script, sources, compiler, target."""
    parts = [SCRIPT.read_text(), target.triple, version("ziglang"), *(source.sha256 for source in SOURCES)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
