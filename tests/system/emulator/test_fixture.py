"""The fixture as another project uses it: in a pytest run of its own, with an application in C called through ctypes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TESTS = """
import ctypes, os, struct
import pytest
from confkit.emulator import softhsm

def statuses(group):
    library = ctypes.CDLL(group.library)
    buffer = ctypes.create_string_buffer(4096)
    assert library.C_Initialize(None) == 0
    assert library.CA_GetCurrentHAState(ctypes.c_ulong(0), buffer) == 0
    assert library.C_Finalize(None) == 0
    (count,) = struct.unpack_from("Q", buffer, 1048)
    return [struct.unpack_from("Q", buffer, 48 + 32 * member)[0] for member in range(count)]

def test_as_it_comes(luna_ha_group):
    assert os.environ["ChrystokiConfigurationPath"] == luna_ha_group.directory
    assert statuses(luna_ha_group) == [0, 0, 0]
    luna_ha_group.set_fault(1, "removed")
    assert statuses(luna_ha_group) == [0, 0xE0, 0]

@pytest.mark.luna_ha_group(members=5, label="payments")
def test_with_arguments(luna_ha_group):
    assert luna_ha_group.label == "payments"
    assert statuses(luna_ha_group) == [0] * 5

def test_the_token_is_there_where_softhsm2_is(luna_ha_group):
    assert luna_ha_group.token_label == luna_ha_group.label
    assert len(luna_ha_group.pin) == (8 if softhsm.find() else 0)

@pytest.mark.luna_ha_group(members=1, crypto=False)
def test_without_cryptography(luna_ha_group):
    assert luna_ha_group.pin == ""

def test_afterwards():
    assert "ChrystokiConfigurationPath" not in os.environ
"""


def run_pytest(folder: Path, package: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    folder.joinpath("test_other.py").write_text(TESTS)
    environment = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    # Without autoload: where confkit is installed, its entry point would load the same module under another name.
    environment |= {"PYTHONPATH": str(package), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    options = ["-p", "confkit.emulator.fixture", "--strict-markers", "-q", "-W", "error"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
    )


def test_other_peoples_tests(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, REPOSITORY)
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_without_a_compiler_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, tests, nothing = (tmp_path / name for name in ("package", "tests", "nothing"))
    shutil.copytree(REPOSITORY / "confkit", package / "confkit", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    tests.mkdir()
    nothing.mkdir()
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)  # a copy is not what is measured
    done = run_pytest(tests, package, PATH=str(nothing), XDG_CACHE_HOME=str(nothing))
    assert done.stdout.count("no C compiler (cc, gcc, clang) on the PATH. Install one") >= 2
    assert "1 passed, 4 errors" in done.stdout


def test_a_group_that_cannot_start_is_one_line(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    done = run_pytest(tmp_path, REPOSITORY, TMPDIR=str(long))
    assert done.stdout.count("too long for a UNIX socket. Set TMPDIR to a shorter one.") >= 2
    assert "Traceback" not in done.stdout
    assert "1 passed, 4 errors" in done.stdout
