"""An edit is killed at every system call it makes, and two hundred edits run at once: the file is always whole."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.storage_child import edit_command, need_strace, private_copy_of_edit, traced
from testing.storage_edit import EDITS, MARK, create_like, edit, journal, journal_lines
from testing.storage_state import ACL, acl, kept, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
NEW = b"HAConfiguration = {\n   statusTimeout = 10;\n}\n"
NEXT = b"HAConfiguration = {\n   statusTimeout = 20;\n}\n"
PROCESSES = 8

# Where a kill can leave something behind; `?` marks calls that not every architecture has.
CALLS = (
    "?access,?faccessat,?faccessat2,?open,openat,read,write,close,flock,?stat,?lstat,fstat,?newfstatat,?fstatat64,?statx,"
    "?readlink,readlinkat,?unlink,unlinkat,fchown,fchmod,fsync,?rename,?renameat,renameat2,?link,linkat,"
    "flistxattr,fgetxattr,fsetxattr,fremovexattr,ioctl,fcntl,"
    "?geteuid,?geteuid32,?getegid,?getegid32,?getgroups,?getgroups32,exit_group"
)
# The interpreter's own: memory and its handler of SIGINT.
ELSEWHERE = {"mmap", "munmap", "mremap", "brk", "rt_sigaction"}


class Call(NamedTuple):
    """A system call of the edit: its name, and which one of that name it is, from the start of the process."""

    name: str
    number: int


def prepare(directory: Path) -> Path:
    """Create a file that has something of everything an edit has to carry over."""
    directory.mkdir()
    path = directory / "Chrystoki.conf"
    path.write_bytes(OLD)
    path.chmod(0o640)
    for name, value in (("user.origin", b"here"), (ACL, acl(1234))):
        try:
            os.setxattr(path, name, value)
        except OSError:  # then there is less to carry over
            continue
    return path


def logged(log: Path) -> list[str]:
    """Return the lines of the log of strace that show a call."""
    return [line for line in log.read_text().splitlines() if re.match(r"\w+\(", line)]


def calls_of_the_edit(lines: list[str]) -> Iterator[Call]:
    """Yield the calls that follow the mark."""
    counts: dict[str, int] = {}
    begun = False
    for line in lines:
        name = line.partition("(")[0]
        counts[name] = counts.get(name, 0) + 1
        if begun:
            yield Call(name, counts[name])
        begun = begun or MARK in line


def edit_next(path: Path) -> None:
    """Do what the next run does: edit what is there, or convert again."""
    if not path.exists():
        create_like(str(path), NEW, str(path.with_name("Chrystoki.conf")))
    edit(str(path), NEXT)


class Scenario(NamedTuple):
    """An action of storage_edit.py, the file it writes, and the call that makes the new file visible."""

    action: str
    written: str
    turning_point: str


SCENARIOS = [
    Scenario("edit", "Chrystoki.conf", "rename"),
    Scenario("backup", "Chrystoki.conf", "rename"),
    Scenario("convert", "crystoki.ini", "link"),
]


def killed_at(script: Path, calls: list[Call], scenario: Scenario, directory: Path) -> bytes | None:
    """Kill the edit on entry into the last of `calls`; return what the file holds then, after a next run succeeded."""
    call = calls[-1]
    source = prepare(directory)
    before = kept(source)
    log = directory.with_suffix(".log")
    options = ["-o", str(log), f"-etrace={CALLS}", f"-einject={call.name}:signal=KILL:when={call.number}"]
    done = traced(options, edit_command(scenario.action, source, NEW, script))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(calls_of_the_edit(logged(log))) == calls, "it was killed at another call"

    written = directory / scenario.written
    content = written.read_bytes() if written.exists() else None
    assert content in ({None, NEW} if scenario.action == "convert" else {OLD, NEW})
    for path in directory.iterdir():
        if path.suffix != ".confkit-new":
            assert kept(path) == before, path
        if path.suffix == ".bak":
            assert path.read_bytes() == OLD
    edit_next(written)
    assert (written.read_bytes(), kept(written)) == (NEXT, before)
    assert not [name for name in names(directory) if name.endswith(".confkit-new")]
    return content


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.action for scenario in SCENARIOS])
def test_an_edit_killed_at_any_system_call_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, scenario: Scenario
) -> None:
    need_strace()
    script = private_copy_of_edit(tmp_path / "copy")
    log = tmp_path / "log"
    command = edit_command(scenario.action, prepare(tmp_path / "whole"), NEW, script)
    done = traced(["-o", str(log), f"-etrace={CALLS}"], command)
    assert done.returncode == 0, done.stderr
    calls = list(calls_of_the_edit(logged(log)))
    turning_point = [call.name.startswith(scenario.turning_point) for call in calls].index(True)

    def outcome(position: int) -> bytes | None:
        return killed_at(script, calls[: position + 1], scenario, tmp_path / str(position))

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(outcome, range(len(calls))))
    before = None if scenario.action == "convert" else OLD
    assert outcomes == [before] * (turning_point + 1) + [NEW] * (len(calls) - turning_point - 1)
    assert {before, NEW} == set(outcomes)
    assert calls[-1].name == "exit_group"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.action for scenario in SCENARIOS])
def test_every_call_is_made_in_the_order_that_survives_a_power_failure(tmp_path: Path, scenario: Scenario) -> None:
    need_strace()
    log = tmp_path / "log"
    path = prepare(tmp_path / "directory")
    done = traced(["-y", "-o", str(log)], edit_command(scenario.action, path, NEW))
    assert done.returncode == 0, done.stderr
    lines = logged(log)
    known = {name.lstrip("?") for name in CALLS.split(",")}
    assert {call.name for call in calls_of_the_edit(lines)} <= known | ELSEWHERE, "a call at which nothing was killed"

    temporary = f"<{path.parent}/.{scenario.written}.confkit-new>"
    steps = "".join(step_of(line, temporary, f"<{path.parent}>") for line in lines)
    # w: into the temporary file; a: its attributes; s: its sync; n: its new name; f: the sync of the directory
    assert re.fullmatch({"edit": "w+a+snf", "backup": "w+a+snfw+a+snf", "convert": "w+a+snf"}[scenario.action], steps)


def step_of(line: str, temporary: str, directory: str) -> str:
    """Return the letter of the step that a line of the log shows, or nothing."""
    if temporary in line:
        for call, step in (("write", "w"), ("fch", "a"), ("fsetxattr", "a"), ("fsync", "s")):
            if line.startswith(call):
                return step
    if re.match(r"(rename|link)", line):
        return "n"
    return "f" if line.startswith("fsync") and directory in line else ""


def poll_until(done: Callable[[], bool], path: Path) -> int:
    """Read the journal again and again, whole every time; return how many different ones were seen."""
    seen = set()
    while not done():
        data = path.read_bytes()
        journal_lines(data)
        seen.add(len(data))
    return len(seen)


def test_two_hundred_edits_by_eight_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(journal([]))
    processes = [subprocess.Popen(edit_command("often", path), stderr=subprocess.PIPE) for _ in range(PROCESSES)]
    seen = poll_until(lambda: all(process.poll() is not None for process in processes), path)
    for process in processes:
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, b"")
    assert seen > 1, "the reader was there while they wrote"
    writers = [line.split()[0] for line in journal_lines(path.read_bytes())]
    expected = {b"%d/%d" % (process.pid, number) for process in processes for number in range(EDITS)}
    assert len(writers) == PROCESSES * EDITS == 200
    assert set(writers) == expected, "every edit is there, once"
    assert names(tmp_path) == {"Chrystoki.conf"}
