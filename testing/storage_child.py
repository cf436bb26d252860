"""Run a piece of a test as another user, among private mounts, or an edit in a child process under strace."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from testing.programs import REPOSITORY, needs, needs_root, unmet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EDIT = Path(__file__).with_name("storage_edit.py")
SOMEBODY = 1234  # an ordinary user and group; neither has to exist
CLONE_NEWNS = 0x00020000  # <linux/sched.h>

Result = TypeVar("Result")


def forked(function: Callable[[], Result]) -> Result:
    """Return what `function` returns in a forked child; an exception in it, or its hanging, fails the test."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            answer = pickle.dumps((function(), ""))
        except BaseException:  # noqa: BLE001 - the parent shows it
            answer = pickle.dumps((None, traceback.format_exc()))
        with open(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    status = os.waitpid(child, 0)[1]
    assert status == 0, f"the child ended with {os.waitstatus_to_exitcode(status)}"
    result: Result
    result, failure = pickle.loads(answer)
    assert not failure, failure
    return result


def as_somebody(function: Callable[[], Result]) -> Result:
    """Run `function` as a user without privileges: in a child as SOMEBODY when this is root, else as who this is."""
    if os.geteuid() != 0:
        return function()

    def without_privileges() -> Result:
        os.setgroups([])
        os.setgid(SOMEBODY)
        os.setuid(SOMEBODY)
        return function()

    return forked(without_privileges)


def among_private_mounts(function: Callable[[], Result]) -> Result:
    """Run `function` in a child whose mounts nobody else sees and which end with it; needs root."""
    needs("mount")
    need_root("mounts something")
    refusal = os.strerror(forked(_unshare_mounts))
    if refusal != os.strerror(0):
        unmet(f"needs a mount namespace of its own ({refusal})")

    def inside() -> Result:
        assert _unshare_mounts() == 0
        mount("--make-rprivate", "/")
        return function()

    return forked(inside)


def _unshare_mounts() -> int:
    library = ctypes.CDLL(None, use_errno=True)
    return 0 if library.unshare(CLONE_NEWNS) == 0 else ctypes.get_errno()


def mount(*arguments: str) -> None:
    """Call mount(8)."""
    subprocess.run(["mount", *arguments], check=True, timeout=60)


def need_root(why: str) -> None:
    """Skip the test, or fail it where everything is required, unless this is root."""
    needs_root(why)


@contextlib.contextmanager
def open_to_all() -> Iterator[Path]:
    """Yield a new directory that every user can reach and write to, which pytest's own directories are not."""
    directory = Path(tempfile.mkdtemp(prefix="confkit-test-", dir="/tmp"))
    try:
        directory.chmod(0o777)
        yield directory
    finally:
        directory.chmod(0o777)  # the test may have taken permissions away
        shutil.rmtree(directory)


def edit_command(action: str, path: Path, new: bytes = b"", script: Path = EDIT) -> list[str]:
    """Return the command of one action of storage_edit.py, or of a copy of it."""
    return [sys.executable, "-S", "-E", "-B", str(script), action, str(path), os.fsdecode(new)]


def private_copy_of_edit(directory: Path) -> Path:
    """Return a copy of storage_edit.py with its own confkit, compiled, so that all its starts make the same calls.

    In the checkout a module that is saved meanwhile would be read in another way than at the start before.
    """
    shutil.copytree(REPOSITORY / "confkit", directory / "confkit", ignore=shutil.ignore_patterns("__pycache__"))
    script = directory / "testing" / EDIT.name
    script.parent.mkdir()
    shutil.copy(EDIT, script)
    # an import writes the compiled files of what the script needs
    subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import {script.stem}"], cwd=script.parent, check=True, timeout=60
    )
    return script


def traced(options: list[str], command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run `command` under strace with `options`; the log goes where they say."""
    return subprocess.run(["strace", *options, *command], capture_output=True, text=True, timeout=120, check=False)


def need_strace() -> None:
    """Skip the test, or fail it where everything is required, unless strace may trace here."""
    needs("strace")
    if (attempt := traced(["-o", os.devnull], ["true"])).returncode != 0:
        unmet(f"needs strace to work: {attempt.stderr.strip()}")
