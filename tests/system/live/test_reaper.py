from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from confkit.live import reaper as tidier
from testing.hostile import left_behind, wait_for_folder_to_go
from testing.programs import REPOSITORY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "Chrystoki.conf").write_text("Luna = {\n}\n")
    return private


def sleeper(mark: str, *command: str) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, as a daemon is."""
    environment = {**os.environ, tidier.VARIABLE: mark}
    return subprocess.Popen(command or ("sleep", "600"), env=environment, start_new_session=True)


def test_whoever_has_the_mark_is_killed_and_nobody_else() -> None:
    mark = uuid.uuid4().hex
    with sleeper(mark) as one, sleeper(mark) as two, sleeper(f"{mark}0") as other:
        tidier.finish(tidier.start(mark))

        assert (one.wait(), two.wait(), other.poll()) == (-9, -9, None)
        assert tidier.marked(mark) == []
        other.kill()


def test_a_process_that_its_parent_hid_is_found_at_a_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    # The parent forked after the list was made, and had ended when its environment was to be read.
    with sleeper("") as hidden:
        looks = iter([[], [hidden.pid], [], [], []])
        monkeypatch.setattr(tidier, "marked", lambda _mark: next(looks))
        tidier.kill_marked("mark")
        hidden.terminate()  # for a tidier that has not found it

        assert hidden.wait() == -9
        assert list(looks) == []


def test_a_daemon_that_is_just_being_made_is_killed() -> None:
    # Of 1,500 such daemons 1,100 outlived a tidier that was content with one look.
    program = "import os, time; os.fork() or (os.setsid(), os.fork() or time.sleep(600))"
    for _ in range(20):
        mark = uuid.uuid4().hex
        with sleeper(mark, sys.executable, "-I", "-S", "-c", program):
            tidier.kill_marked(mark)
        left = left_behind(mark, 1.0)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert left == []


def test_without_a_mark_nobody_is_killed(folder: Path) -> None:
    with sleeper("") as process:
        tidier.finish(tidier.start(folder=str(folder)))

        assert process.poll() is None
        assert not folder.exists()
        process.kill()


def test_nobody_learns_the_name_of_the_folder_before_it_is_made(tmp_path: Path) -> None:
    process = tidier.start(folder=str(tmp_path / "not-yet"))

    assert b"not-yet" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    tidier.finish(process)
    assert process.returncode == 0


def test_a_folder_that_is_a_link_stays_and_so_does_what_it_leads_to(tmp_path: Path, folder: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)

    tidier.remove_folder(str(link))

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

    tidier.remove_folder(str(folder))

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

    tidier.remove_folder(str(folder))

    assert not folder.exists()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_of_somebody_else_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    tidier.remove_folder(str(folder))

    assert (folder / "Chrystoki.conf").exists()


def test_the_process_does_all_of_its_two_lines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = uuid.uuid4().hex
    orders = io.BytesIO(f"{mark}\n{folder}".encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=orders))
    with sleeper(mark) as process:
        tidier.main()

        assert process.wait() == -9
    assert not folder.exists()


def test_a_process_that_ends_before_it_is_killed_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = iter([[2**22 + 1], [], [], []])  # no process has such a number
    monkeypatch.setattr(tidier, "marked", lambda _mark: next(rounds))

    tidier.kill_marked("mark")

    assert list(rounds) == []


def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidier, "_LONGEST_END", 0.05)
    process = tidier.start()
    process.send_signal(signal.SIGSTOP)

    tidier.finish(process)

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
