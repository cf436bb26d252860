"""What is said of files that would not run on every machine of a target."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest

from testing.programs import needs, needs_packages, unmet
from tools.packages.targets import TARGETS

try:
    from tools.packages.binaries import faults
except ImportError:
    faults = None  # type: ignore[assignment] # the fixture skips

OURS = TARGETS["manylinux_2_17_x86_64"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of this machine's compiler, for this machine's glibc, with a library of our own."""
    needs_packages("packages", "pyelftools")
    needs("cc")
    if platform.machine() != "x86_64":
        unmet("needs a machine of the kind x86-64")
    tmp_path.joinpath("ours.c").write_text("int ours(void) { return 0; }\n")
    tmp_path.joinpath("main.c").write_text("int ours(void); int main(void) { return ours(); }\n")
    for words in (
        ("-shared", "-fPIC", "-Wl,-soname,libours.so", "-o", "libours.so", "ours.c"),
        ("-o", "program", "main.c", "libours.so"),
    ):
        subprocess.run(["cc", *words], cwd=tmp_path, check=True)
    return tmp_path / "program"


def test_a_newer_glibc_and_a_foreign_library_are_named(program: Path) -> None:
    with program.open("rb") as file:
        found = faults(file, OURS)
    assert "it needs libours.so" in found
    # since 2.34 every program of a newer glibc asks for that version of its start
    assert "it needs GLIBC_2.34" in found
    assert not [fault for fault in found if "libc.so.6" in fault or "GLIBC_2.2.5" in fault]


def test_another_machine_is_named(program: Path) -> None:
    with program.open("rb") as file:
        assert "it is for EM_X86_64, not for EM_AARCH64" in faults(file, TARGETS["manylinux_2_17_aarch64"])


def test_musl_has_no_versions_of_glibc(program: Path) -> None:
    with program.open("rb") as file:
        found = faults(file, TARGETS["musllinux_1_2_x86_64"])
    assert {"it needs libc.so.6", "it needs GLIBC_2.2.5"} <= set(found)
