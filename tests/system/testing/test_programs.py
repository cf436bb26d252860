"""What counts as a program that the machine has: one that starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from testing.programs import found, how_to_install, interpreter, needs, needs_root, starts

if TYPE_CHECKING:
    from pathlib import Path

# what pyenv, asdf and mise put on the PATH for an interpreter that nobody chose, as far as a test can see
STUBS = {
    "pyenv": "#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n",
    "asdf": "#!/bin/sh\necho 'No version is set for command python3.12' >&2\nexit 126\n",
    "mise": "#!/bin/sh\necho 'mise ERROR python3.12 is not a valid shim' >&2\nexit 1\n",
    "no interpreter of its own": "#!/no/such/interpreter\n",
    "not a program": "\0\0\0\0",
    "crashes": "#!/bin/sh\nkill -SEGV $$\n",
}
WORKS = "#!/bin/sh\nexit 0\n"


def put(directory: Path, name: str, content: str) -> str:
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(content)
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFKIT_REQUIRE_PROGRAMS", raising=False)


@pytest.mark.parametrize("program", ["python3.12", "strace"])
@pytest.mark.parametrize("stub", STUBS)
def test_a_program_that_does_not_start_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stub: str, program: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    put(tmp_path, program, STUBS[stub])
    assert found(program) is None
    with pytest.raises(pytest.skip.Exception, match=f"needs {program}"):
        needs(program)


def test_behind_a_stub_the_program_that_starts_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "shims", "python3.12", STUBS["pyenv"])
    works = put(tmp_path / "bin", "python3.12", WORKS)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "shims"), str(tmp_path / "bin")]))
    assert found("python3.12") == works
    assert interpreter("3.12") == works


def test_a_program_without_an_option_for_its_version_starts_all_the_same(tmp_path: Path) -> None:
    refuses = put(tmp_path, "sshd", "#!/bin/sh\necho 'unknown option -- -' >&2\nexit 1\n")
    assert starts(refuses, "sshd")
    assert not starts(refuses, "prometheus")
    assert not starts(None, "sshd")


def test_where_everything_is_required_a_missing_program_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFKIT_REQUIRE_PROGRAMS", "1")
    with pytest.raises(pytest.fail.Exception, match="needs no-such-program"):
        needs("no-such-program")


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("getfacl", "apt-get install acl"),
        ("promtool", "apt-get install prometheus"),
        ("gitlab-ci-local", "npm install --global gitlab-ci-local"),
        ("python3.8", "uv python install 3.8"),
    ],
)
def test_a_skip_says_how_to_enable_the_test(program: str, how: str) -> None:
    assert how in how_to_install(program)


def test_root_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match=r"needs root: it mounts something \(run the tests as root\)"):
        needs_root("it mounts something")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    needs_root("it mounts something")
