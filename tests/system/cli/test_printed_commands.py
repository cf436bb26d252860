"""Commands that are printed as advice: run by a shell as they are printed, they do what was said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from confkit.reports.check.advice import advice
from testing.checks import REQUEST, SLOW

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
NAMES = ["plain", "with space", "it's $HOME; `id` & *"]


def by_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a printed command line; `confkit` is the one under test."""
    start = folder / "bin" / "confkit"
    start.parent.mkdir()
    start.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m confkit "$@"\n')
    start.chmod(0o755)
    path = f"{start.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/sh", "-c", command], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def printed(text: str) -> str:
    found = re.search(r"[Rr]un: (confkit .*)$", text, re.MULTILINE)
    assert found, text
    return found[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_timeout_that_a_check_recommends_is_set_in_the_file_that_was_checked(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name
    directory.mkdir()
    (directory / "Chrystoki.conf").write_bytes(BEFORE)
    done = by_shell(printed(advice(replace(REQUEST, given_path=str(directory)), SLOW[1])), tmp_path)
    assert done.returncode == 0, done.stderr
    assert (directory / "Chrystoki.conf").read_bytes() == BEFORE.replace(b"= 3;", b"= 5;")
