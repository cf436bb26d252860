"""Who holds the lock is named after two seconds; root goes on where that is nobody privileged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import FileError
from confkit.core.storage.lock import Holder, Waiting, edit_lock, holders
from testing.command import confkit
from testing.storage_child import SOMEBODY, as_somebody, forked, need_root, open_to_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
HOLD = """
import fcntl, os, sys, time
if int(sys.argv[2]):
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
directory = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(directory, fcntl.LOCK_EX)
parent = os.getpid()
if sys.argv[3] == "inherited" and os.fork():
    os._exit(0)
while sys.argv[3] == "inherited" and os.getppid() == parent:  # who took the lock still runs, and is named
    time.sleep(0.01)
print(os.getpid(), flush=True)
time.sleep(120)
"""


@contextmanager
def held(directory: Path, uid: int = 0, how: str = "itself") -> Iterator[int]:
    """Have another process hold the lock, as that user; yield its number."""
    command = [sys.executable, "-c", HOLD, str(directory), str(uid), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        number = int(process.stdout.readline())
        try:
            yield number
        finally:
            os.kill(number, 9)


@pytest.mark.parametrize("how", ["itself", "inherited"])
def test_the_holder_is_found_also_where_it_inherited_the_lock(tmp_path: Path, how: str) -> None:
    directory = os.open(tmp_path, os.O_RDONLY)
    try:
        assert holders(directory) == []
        with held(tmp_path, how=how) as number:
            assert [holder.process for holder in holders(directory)] == [number]
            assert holders(directory)[0].uid == os.geteuid()
    finally:
        os.close(directory)


def test_the_command_names_who_holds_the_lock_and_how_to_wait_longer(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(OLD)
    with held(tmp_path) as number:
        begin = time.monotonic()
        result = confkit("set-timeout", "10", "-c", str(path), "--lock-timeout", "2.5")
        assert 2.4 < time.monotonic() - begin < 20
        by_environment = confkit("unset", "Misc", "X", "-c", str(path), environment={"CONFKIT_LOCK_TIMEOUT": "0"})
    assert (result.code, path.read_bytes()) == (3, OLD)
    told, refused = result.err.splitlines()
    assert told.startswith(f"confkit: warning: {path}: the lock on its directory is held by ")
    assert f"(process {number}, user " in told
    user = "root" if os.geteuid() == 0 else r"\S+"
    assert re.search(rf"has been held for 2\.5 s by \S+ \(process {number}, user {user}\)", refused)
    assert "--lock-timeout (or CONFKIT_LOCK_TIMEOUT)" in refused
    assert (by_environment.code, "for 0 s" in by_environment.err) == (3, True)


@pytest.mark.parametrize("how", ["itself", "inherited"])
def test_root_is_not_kept_from_editing_by_a_user_without_privileges(how: str) -> None:
    need_root("edits what somebody else has locked")
    told: list[str] = []
    with open_to_all() as directory, held(directory, SOMEBODY, how) as number:
        begin = time.monotonic()
        with edit_lock(str(directory / "Chrystoki.conf"), Waiting(60, told.append)):
            assert 1.9 < time.monotonic() - begin < 20
    assert f"(process {number}, user {SOMEBODY}); going on without it, since that is not root" in told[0]


def test_others_wait_for_whoever_holds_the_lock() -> None:
    need_root("holds a lock as somebody, and waits as somebody")

    def wait() -> str:
        with pytest.raises(FileError) as caught, edit_lock(str(directory / "Chrystoki.conf"), Waiting(2.2)):
            pass
        return caught.value.message

    with open_to_all() as directory, held(directory, SOMEBODY):
        assert "has been held for 2.2 s by" in forked(lambda: as_somebody(wait))
    with open_to_all() as directory, held(directory) as number:
        # root waits for root too
        assert f"process {number}, user root" in wait()


def test_a_holder_in_another_namespace_is_not_invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confkit.core.storage.lock._process", lambda _: None)  # as where /proc does not show it
    directory = os.open(tmp_path, os.O_RDONLY)
    try:
        with held(tmp_path):
            assert holders(directory) == []
    finally:
        os.close(directory)
    assert Holder(1, "init", 0).process == 1
