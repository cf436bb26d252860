"""Children of an isolated interpreter are isolated too: no variable of the environment reaches their imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from testing.programs import needs

# Takes the place of a module that the worker, and every process of the emulator, imports; each start leaves a line.
EVIL = """
import os, sys
with open({marker!r}, "a") as file:
    file.write(" ".join(sys.orig_argv) + chr(10))
sys.path.remove({directory!r})
del sys.modules["json"]
import json
"""


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    marker, directory = tmp_path / "imported", tmp_path / "evil"
    directory.mkdir()
    (directory / "json.py").write_text(EVIL.format(marker=str(marker), directory=str(directory)))
    return marker


def test_a_module_named_by_pythonpath_is_imported_by_no_child(marker: Path) -> None:
    needs("cc")
    isolated = [sys.executable, "-I", "-m", "confkit"]
    done = subprocess.run(
        [*isolated, "emulate", "--members", "1", "--", *isolated, "check", "--quick"],
        check=False,
        timeout=300,
        capture_output=True,
        text=True,
        cwd=marker.parent,
        env={**os.environ, "PYTHONPATH": str(marker.parent / "evil")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not marker.exists(), marker.read_text()


def test_a_child_of_another_interpreter_is_guarded_from_its_directory() -> None:
    code = "from confkit.live.interpreter import interpreter; print(*interpreter('-c', 'pass')[1:])"
    for option, expected in (("-P", "-P -c pass"), ("-I", "-I -c pass")):
        done = subprocess.run([sys.executable, option, "-c", code], check=True, capture_output=True, text=True)
        assert done.stdout.strip() == expected
