"""A base image for tests: the Python of this host in an otherwise empty folder, in the place of python:slim.

The registry that has python:slim cannot be reached from everywhere that tests run. What is built upon this base tries
each instruction of the build file; it says nothing of what the real base brings besides.
"""

from __future__ import annotations

import ensurepip
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from testing.programs import unmet

_LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "config-*", "__pycache__"
)
# What a wheel may count on (PEP 599, without the graphical ones), and every slim base has.
_OF_WHEELS = (
    *("libgcc_s.so.1", "libstdc++.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libc.so.6"),
    *("libutil.so.1", "libpthread.so.0", "libresolv.so.2"),
)
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def lay_out(root: Path) -> dict[str, str]:
    """Fill the empty folder, and return the variables that the image has to set."""
    library, interpreter = Path(sysconfig.get_path("stdlib")), Path(os.path.realpath(sys.executable))
    shutil.copytree(library, _below(root, library), symlinks=True, ignore=_LEFT_OUT)
    for program in (interpreter, Path("/bin/sh"), *library.glob("lib-dynload/*.so")):
        for path in (program, *_libraries_of(program)):
            _copy(root, path)
    for name in _OF_WHEELS:
        for path in Path("/lib").glob(f"*/{name}"):
            _copy(root, path)
    os.symlink(interpreter.name, _below(root, interpreter).with_name("python3"))
    for path in (_CERTIFICATES, Path("/etc/pip.conf")):  # how this host comes to the package index
        if path.exists():
            _copy(root, path)
    with zipfile.ZipFile(pip_wheel()) as wheel:
        wheel.extractall(_below(root, library) / "site-packages")
    (root / "tmp").mkdir(mode=0o1777)
    (root / "etc" / "passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    places = f"{interpreter.parent}:/usr/bin:/bin"
    return {"PATH": places, "PIP_CERT": str(_CERTIFICATES), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip_wheel() -> Path:
    """Return the pip that Python brings for ensurepip; a test is skipped where a distribution took it out."""
    bundled = list((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not bundled:
        unmet("needs a Python that brings pip (ensurepip)")
    return bundled[0]


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _copy(root: Path, path: Path) -> None:
    """Copy a file, not a link, to its own place below `root`."""
    there = _below(root, path)
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, there)


def _libraries_of(program: Path) -> list[Path]:
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False, timeout=60).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listed)]
