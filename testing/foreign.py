"""Directories with programs of another machine or C library, from Debian's packages, and how to run something in them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

APT_LINE = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian {suite} main\n"


def unpack_packages(root: Path, state: Path, architecture: str, *packages: str, suite: str = "bookworm") -> None:
    """Unpack Debian packages and all they depend on into `root`; nothing in them is run. `state` is apt's directory."""
    (state / "lists" / "partial").mkdir(parents=True)
    (state / "cache" / "archives" / "partial").mkdir(parents=True)
    (state / "sources.list").write_text(APT_LINE.format(suite=suite))
    (state / "status").touch()
    options = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State": state,
        "Dir::State::lists": state / "lists",
        "Dir::State::status": state / "status",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    subprocess.run([*apt, "update"], check=True, capture_output=True)
    subprocess.run([*apt, "--yes", "--download-only", "install", *packages], check=True, capture_output=True)
    root.mkdir(parents=True, exist_ok=True)
    for package in sorted((state / "cache" / "archives").glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(root)], check=True, capture_output=True)


def emulated(program: Path, root: Path, emulator: str = "qemu-aarch64-static") -> None:
    """Put a script in the place of `program`, which runs it by qemu with the libraries of `root`, children included.

    The kernel need not know how to start programs of that machine: whoever starts the script starts qemu. Not by its
    option -L, which would look up every path below `root` first: the root directory is then another one.
    """
    path = shutil.which(emulator)
    assert path is not None
    real = program.with_name(program.name + ".emulated")
    os.rename(program, real)
    libraries = ":".join(str(root / name / "aarch64-linux-gnu") for name in ("lib", "usr/lib"))
    loader = f"{root}/lib/ld-linux-aarch64.so.1 --library-path {libraries} --argv0 {program}"
    program.write_text(f'#!/bin/sh\nexec {path} {loader} {real} "$@"\n')
    program.chmod(0o755)
