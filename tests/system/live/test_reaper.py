from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

from confkit.live import reaper
from confkit.live.child import Child
from testing.hostile import left_behind, wait_for_folder_to_go
from testing.programs import REPOSITORY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "Chrystoki.conf").write_text("Luna = {\n}\n")
    return private


DAEMON = """
import ctypes, os, sys, time
mark = sys.argv[1].encode()
{before}
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        {inside}
        time.sleep(600)
    os._exit(0)
{after}
"""
EMPTY = "os.execve(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]], {})"
HIDDEN = "ctypes.CDLL(None).prctl(4, 0)"  # PR_SET_DUMPABLE: /proc/PID/environ is root's
FORKING = "[os.fork() and os._exit(0) for _ in range(50)]"
MANY = "[os.fork() or time.sleep(600) for _ in range(20)]"
STOPPED = "os.kill(os.getpid(), 19)"
OWN_SUBREAPER = "ctypes.CDLL(None).prctl(36, 1); os.fork() or (os.setsid(), os.fork() or time.sleep(600))"


def with_argument(mark: str) -> list[int]:
    """Return the processes that have `mark` as an argument: that cannot be cleared as an environment can."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def none_is_left(mark: str, seconds: float = 10.0) -> bool:
    give_up = time.monotonic() + seconds
    while (left := with_argument(mark)) and time.monotonic() < give_up:
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return not left


def started(program: str, mark: str) -> tuple[Child, bytes]:
    """Start a program, and wait for its line, which says that all its processes are there, or for its end."""
    child = Child([sys.executable, "-c", program, mark], os.environ)
    lines: list[bytes] = []
    while not child.closed and not lines:
        lines = child.lines(10)
    return child, b"".join(lines)


@pytest.mark.parametrize("inside", ["pass", EMPTY, HIDDEN, FORKING, MANY, STOPPED, OWN_SUBREAPER])
@pytest.mark.parametrize(
    "after", ["print('ready', flush=True); time.sleep(600)", "os._exit(0)", "os.kill(os.getpid(), 9)"]
)
def test_no_daemon_gets_away(inside: str, after: str) -> None:
    mark = uuid.uuid4().hex
    child, _ = started(DAEMON.format(before="", inside=inside, after=f"time.sleep(0.3); {after}"), mark)
    assert with_argument(mark), "the daemon runs"
    child.kill()
    assert none_is_left(mark, 0.0)


def test_a_daemon_does_not_survive_a_parent_that_is_killed(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    folder = tmp_path / "private"
    folder.mkdir()
    daemon = DAEMON.format(
        before="", inside=EMPTY, after="time.sleep(0.3); print('ready', flush=True); time.sleep(600)"
    )
    parent = f"""
import os, signal, sys
sys.path.append(sys.argv[1])
from confkit.live.child import Child
child = Child([sys.executable, "-c", {daemon!r}, {mark!r}], os.environ, {str(folder)!r})
while not child.lines(10):
    continue
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-P", "-c", parent, REPOSITORY], check=False)
    assert done.returncode == -9
    assert none_is_left(mark)
    assert wait_for_folder_to_go(folder)


def test_a_worker_that_kills_its_cleanup_process_goes_with_it() -> None:
    mark = uuid.uuid4().hex
    child, _ = started("import os, time; os.kill(os.getppid(), 9); time.sleep(600)", mark)
    assert child.ending() == "ended"
    child.kill()
    assert none_is_left(mark)


def test_a_daemon_that_is_just_being_made_is_killed() -> None:
    program = "import os, time; os.fork() or (os.setsid(), os.fork() or time.sleep(600))"
    for pause in range(20):
        mark = uuid.uuid4().hex
        child = Child([sys.executable, "-I", "-S", "-c", program, mark], os.environ)
        time.sleep(pause / 500)
        child.kill()
        assert none_is_left(mark, 0.0)


def test_short_lived_processes_of_a_library_are_no_zombies() -> None:
    mark = uuid.uuid4().hex
    many = "for _ in range(30):\n    if os.fork() == 0:\n        os.setsid(); os.fork(); os._exit(0)\n    os.wait()\n"
    child, line = started(f"import os, time\n{many}print(os.getpid(), os.getppid(), flush=True); time.sleep(600)", mark)
    worker, parent = line.split()
    listed = Path(f"/proc/{int(parent)}/task/{int(parent)}/children")
    give_up = time.monotonic() + 10
    while listed.read_bytes().split() != [worker] and time.monotonic() < give_up:
        time.sleep(0.02)
    left = listed.read_bytes().split()
    child.kill()
    assert left == [worker]


def test_where_the_kernel_lists_no_children_they_are_found_by_their_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["sleep", "600"]) as process:
        listed = set(reaper.children())
        monkeypatch.setattr(reaper, "_CHILDREN", "/nowhere/{}")
        assert process.pid in listed
        assert set(reaper.children()) == listed
        process.kill()


def test_a_stranger_is_not_killed(folder: Path) -> None:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as stranger:
        Child([sys.executable, "-c", "pass"], os.environ, str(folder)).kill()
        assert stranger.poll() is None
        assert not folder.exists()
        stranger.kill()


def test_nobody_learns_the_name_of_the_folder_before_it_is_made(tmp_path: Path) -> None:
    process = reaper.start(folder=str(tmp_path / "not-yet"))

    assert b"not-yet" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    reaper.finish(process)
    assert process.returncode == 0


def test_a_folder_that_is_a_link_stays_and_so_does_what_it_leads_to(tmp_path: Path, folder: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)

    reaper.remove_folder(str(link))

    assert link.is_symlink()
    assert (folder / "Chrystoki.conf").exists()


def test_whatever_a_library_put_into_the_folder_goes_with_it_and_no_link_is_followed(
    tmp_path: Path, folder: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "stays").write_text("x")
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "b" / "c" / "log").write_text("x")
    (folder / "a" / "link").symlink_to(outside)
    os.mkfifo(folder / "a" / "pipe")
    locked = folder / "locked" / "inside"
    locked.mkdir(parents=True)
    (locked / "file").write_text("x")
    locked.chmod(0)
    (folder / "locked").chmod(0o500)
    folder.chmod(0o500)

    reaper.remove_folder(str(folder))

    assert not folder.exists()
    assert (outside / "stays").exists()


def test_folders_far_deeper_than_a_path_can_name_go_as_well(folder: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    opened = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deep", dir_fd=opened)
        inside = os.open("deep", os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inside
    os.close(opened)

    reaper.remove_folder(str(folder))

    assert not folder.exists()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_of_somebody_else_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    reaper.remove_folder(str(folder))

    assert (folder / "Chrystoki.conf").exists()


def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "_LONGEST_END", 0.05)
    process = reaper.start()
    process.send_signal(signal.SIGSTOP)

    reaper.finish(process)

    assert process.returncode == -9


KILLED = """
import os, signal, sys
sys.path.append(sys.argv[1])
from confkit.live.private_copy import private_copy
from confkit.core.syntax import parse

def then_die(function):
    def last(*arguments, **options):
        result = function(*arguments, **options)
        if moment != "open" or str(arguments[0]).endswith("Chrystoki.conf"):  # Python's own modules open files, too
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return last

moment = sys.argv[2]
if moment != "yield":
    setattr(os, moment, then_die(getattr(os, moment)))
with private_copy(parse(b"HAConfiguration = {\\n}\\n"), "Chrystoki.conf", 60):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["mkdir", "open", "fdopen", "yield"])
def test_no_private_copy_outlives_its_process_killed_at_any_moment(tmp_path: Path, moment: str) -> None:
    mark = f"confkit-test-{uuid.uuid4()}"
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "MARK": mark}
    (tmp_path / "tmp").mkdir()

    done = subprocess.run([sys.executable, "-P", "-c", KILLED, REPOSITORY, moment], env=environment, check=False)

    assert done.returncode == -9
    assert left_behind(mark) == []
    assert all(wait_for_folder_to_go(path) for path in (tmp_path / "tmp").iterdir())
