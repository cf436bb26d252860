"""The build hook, run by the real back end over a copy of the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from typing import TYPE_CHECKING

import pytest

from confkit.core.elf import HEADER_BYTES, header_of
from testing.programs import REPOSITORY, needs, needs_packages

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {"confkit/emulator/native/libcryptoki_emulator.so", "confkit/emulator/native/libcryptoki_emulator_old.so"}
PROJECT = """
[project]
name = "luna-confkit"
version = "0.1.0"
requires-python = ">=3.11"

[tool.hatch.build]
dev-mode-dirs = ["."] # an editable wheel then needs no further package

[tool.hatch.build.targets.wheel]
packages = ["confkit"]

[tool.hatch.build.targets.wheel.hooks.custom]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with what the hook needs; *.so is ignored there as in the real one."""
    needs_packages("test", "hatchling")
    checkout = tmp_path / "checkout"
    shutil.copytree(REPOSITORY / "confkit", checkout / "confkit", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    shutil.copy(REPOSITORY / "hatch_build.py", checkout)
    shutil.copytree(REPOSITORY / "tools", checkout / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / ".gitignore", checkout)
    checkout.joinpath("pyproject.toml").write_text(PROJECT)
    return checkout


def build_wheel(checkout: Path, version: str = "standard", **variables: str) -> tuple[Path, str]:
    target = f"wheel:{version}"
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(checkout / "dist")]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=checkout, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (checkout / "dist").iterdir()
    return wheel, done.stdout + done.stderr


def files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_with_a_compiler_the_wheel_carries_both_libraries(copy: Path, tmp_path: Path) -> None:
    needs("cc")
    wheel, _ = build_wheel(copy)
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name == f"luna_confkit-0.1.0-py3-none-{platform}.whl"
    assert files(wheel) >= LIBRARIES | {"confkit/emulator/native/library.c", "confkit/emulator/native/wire.h"}

    installed, nothing = tmp_path / "installed", tmp_path / "nothing"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    nothing.mkdir()
    code = "from confkit.emulator.build import library; print(library(), library(current_ha_state=False), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(installed), "PATH": str(nothing), "XDG_CACHE_HOME": str(nothing)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True, env=environment, cwd=nothing
    )
    assert done.stdout.split() == [str(installed / name) for name in sorted(LIBRARIES)]


def test_without_a_compiler_the_wheel_is_pure_and_the_build_says_so(copy: Path, tmp_path: Path) -> None:
    copy.joinpath("confkit", "emulator", "native", "libcryptoki_emulator.so").write_text("left over from another build")
    wheel, messages = build_wheel(copy, PATH=str(tmp_path / "nothing"))
    assert wheel.name == "luna_confkit-0.1.0-py3-none-any.whl"
    assert "confkit/emulator/native/library.c" in files(wheel)
    assert not LIBRARIES & files(wheel)
    assert "will not carry the emulated client library: " in messages
    assert "no C compiler" in messages


def test_an_editable_installation_gets_the_libraries_beside_the_sources(copy: Path) -> None:
    needs("cc")
    wheel, _ = build_wheel(copy, "editable")
    assert wheel.name == "luna_confkit-0.1.0-py3-none-any.whl"
    assert not LIBRARIES & files(wheel)
    assert all((copy / name).is_file() for name in LIBRARIES)


@pytest.mark.parametrize("target", ["any", "win_amd64"])
def test_a_target_without_a_library_gets_none(copy: Path, target: str) -> None:
    copy.joinpath("confkit", "emulator", "native", "libcryptoki_emulator.so").write_text("of this machine")
    wheel, _ = build_wheel(copy, CONFKIT_TARGET=target)
    assert wheel.name == f"luna_confkit-0.1.0-py3-none-{target}.whl"
    assert "confkit/emulator/native/library.c" in files(wheel)
    assert not LIBRARIES & files(wheel)


def test_an_unknown_target_is_refused_with_the_known_ones(copy: Path) -> None:
    with pytest.raises(AssertionError, match=r"unknown target 'sparc': use one of manylinux_2_17_x86_64, "):
        build_wheel(copy, CONFKIT_TARGET="sparc")


def test_an_editable_installation_is_for_this_machine_whatever_the_target(copy: Path) -> None:
    needs("cc")
    build_wheel(copy, "editable", CONFKIT_TARGET="musllinux_1_2_aarch64")
    library = copy / "confkit" / "emulator" / "native" / "libcryptoki_emulator.so"
    with library.open("rb") as file:
        start = header_of(file.read(HEADER_BYTES))
    with open(sys.executable, "rb") as file:
        ours = header_of(file.read(HEADER_BYTES))
    assert start is not None
    assert ours is not None
    assert start.same_machine(ours)
