from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from confkit.core.errors import UnavailableError
from confkit.emulator import build
from testing.programs import REPOSITORY, needs

HEADER = Path(build.DIRECTORY) / "pkcs11.h"
STANDARD = set(re.findall(r"^    F\((C_\w+)", HEADER.read_text(), re.MULTILINE))  # 68, as the driver checks one by one
EXPORTED = STANDARD | {"CA_GetHAState", "CA_GetCurrentHAState", "CAEMU_ConcurrentCalls", "CAEMU_SourceDigest"}


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that carries no library, and an empty cache; the folder of the cache."""
    needs("cc")
    installed = tmp_path / "emulator"
    shutil.copytree(build.DIRECTORY, installed, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    monkeypatch.setattr(build, "DIRECTORY", str(installed))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def exported(library: str) -> set[str]:
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True)
    return {line.split()[-1] for line in listing.stdout.splitlines()}


def test_both_builds_export_what_they_should(fresh: Path) -> None:
    needs("nm")
    new, old = build.library(), build.library(current_ha_state=False)
    assert Path(new).is_relative_to(fresh)
    assert exported(new) == EXPORTED
    assert exported(old) == EXPORTED - {"CA_GetCurrentHAState"}


def test_it_is_compiled_once(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build.library()
    monkeypatch.setenv("PATH", str(fresh))  # no compiler any more
    assert build.library() == first
    assert [path.name for path in Path(first).parent.iterdir()] == ["libcryptoki_emulator.so"]


def test_a_library_is_used_only_with_the_sources_it_was_made_from(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = os.path.join(build.DIRECTORY, "libcryptoki_emulator.so")
    build.compile_library(carried)
    assert build.library() == carried
    with open(os.path.join(build.DIRECTORY, "slots.c"), "a", encoding="ascii") as source:
        source.write("/* changed */\n")
    monkeypatch.setenv("PATH", str(fresh))
    with pytest.raises(UnavailableError, match="no C compiler"):
        build.library()


def test_no_compiler(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fresh))
    with pytest.raises(UnavailableError, match=r"no C compiler \(cc, gcc, clang\) on the PATH\. Install one"):
        build.library()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "#!/bin/sh\necho 'stdio.h: No such file' >&2\nexit 1\n",
            r"could not compile .*: stdio\.h: No such file\. Install",
        ),
        ("#!/nonexistent/interpreter\n", "could not be run: .*No such file"),
    ],
)
def test_a_broken_compiler(fresh: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str) -> None:
    tools = fresh.with_name("tools")
    tools.mkdir()
    compiler = tools / "cc"
    compiler.write_text(script)
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    with pytest.raises(UnavailableError, match=message):
        build.library()
    assert not list(fresh.rglob("*.so"))


def test_the_next_compiler_is_tried_where_there_is_no_cc(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = fresh.with_name("tools")
    tools.mkdir()
    (tools / "clang").symlink_to(str(shutil.which("cc")))
    monkeypatch.setenv("PATH", str(tools))
    assert build.compiler() == str(tools / "clang")


def test_a_cache_that_cannot_be_made(fresh: Path) -> None:
    fresh.write_text("a file")
    with pytest.raises(UnavailableError, match="Set XDG_CACHE_HOME to a directory of your own"):
        build.library()


def test_a_cache_that_others_can_write_to_is_not_trusted(fresh: Path) -> None:
    folder = Path(build._cache_directory())
    assert folder.is_relative_to(fresh)
    folder.chmod(0o777)
    with pytest.raises(UnavailableError, match=f"others could replace .* in {re.escape(str(folder))}"):
        build.library()


def test_without_the_variable_the_cache_is_in_the_home(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(fresh.with_name("home")))
    assert Path(build._cache_directory()).is_relative_to(fresh.with_name("home") / ".cache" / "confkit")


def test_the_build_module_needs_nothing_that_is_not_in_the_standard_library() -> None:
    """The build hook imports it in an environment where nothing else is installed."""
    code = "import confkit.emulator.build, sys; print(*(n for n in sys.modules if n.split('.')[0] in ('pydantic', 'typer')))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == ""
