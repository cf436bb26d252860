"""A scratch repository for a pipeline, and the command of this checkout under its usual name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CLEAN = b"CardReader = {\n   RemoteCommand = 1;\n}\n"
FAULTY = b"CardReader = {\n   RemoteCommand = 1\n}\n"


def command(folder: Path) -> Path:
    """Make `python` and `python3`, which have confkit, in this folder, which it makes too; return the folder."""
    folder.mkdir(parents=True)
    for name in ("python", "python3"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        program.chmod(0o755)
    return folder


def commit(folder: Path) -> None:
    """Make the folder a repository with a remote that nobody asks, and commit what is in it."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    for arguments in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("remote", "add", "origin", "https://gitlab.example.org/group/project.git"),
        ("add", "--all"),
        (*identity, "commit", "--quiet", "--message", "all"),
    ):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, timeout=60)
