"""A group's life: what it writes, what it leaves (nothing), and what happens when somebody is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from confkit.core.errors import FileError, UnavailableError
from confkit.core.syntax import chrystoki
from confkit.emulator.group import EmulatedGroup, running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.application import wait_until
from testing.programs import REPOSITORY

# Starts a group, tells where everything is, and waits to be killed.
PARENT = """
import json, sys, threading
from confkit.emulator.group import running_group
with running_group(3, directory=sys.argv[1] or None) as group:
    if sys.argv[2]:
        group.pause_member(1)
    processes = [process.pid for process in [*group._processes, group._reaper]]
    print(json.dumps({"processes": processes, "folder": group._private, "file": group.config_path}), flush=True)
    threading.Event().wait()
"""


def is_running(process: int) -> bool:
    """Tell whether a process does anything any more; one that has ended and is not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def processes_of(group: EmulatedGroup) -> list[int]:
    assert group._reaper is not None
    return [process.pid for process in (*group._processes, group._reaper)]


def can_connect(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_file_is_one_that_confkit_itself_understands() -> None:
    with running_group(3, label="payments", groups=2, status_timeout=7, reconnect_interval_ms=50) as group:
        source = Path(group.config_path).read_bytes()
        assert stat.S_IMODE(os.stat(group.directory).st_mode) == 0o700
    document = chrystoki.parse(source)
    assert document.problems == ()
    values = {(entry.section, entry.name): entry.value for section in document.sections for entry in section.entries}
    assert values["Chrystoki2", "LibUNIX64"] == group.library
    assert values["VirtualToken", "VirtualToken00Label"] == group.label == "payments"
    assert values["VirtualToken", "VirtualToken01Members"] == ",".join(group.groups[1].members)
    assert values["VirtualToken", "VirtualToken00SN"] == group.serial == f"1{group.members[0].serial}"
    assert values["LunaSA Client", "ServerPort02"] == str(group.members[2].port)
    assert values["HASynchronize", "payments-2"] == "1"
    assert values["HAConfiguration", "statusTimeout"] == "7"
    assert b"\t" not in source
    assert group.environment() == {
        "ChrystokiConfigurationPath": group.directory,
        "CONFKIT_LIBRARY": group.library,
        "CONFKIT_TOKEN_LABEL": "payments",
    }


def test_without_a_status_timeout_there_is_no_entry() -> None:
    with running_group(1) as group:
        assert "statusTimeout" not in Path(group.config_path).read_text()


def test_nothing_is_left_behind() -> None:
    with running_group(3) as group:
        processes = processes_of(group)
        assert all(is_running(process) for process in processes)
        assert all(can_connect(member.port) for member in group.members)
        group.pause_member(0)
        group.stop_member(1)
        group.set_fault(2, "half-open")
    assert not any(is_running(process) for process in processes)
    assert not any(can_connect(member.port) for member in group.members)
    assert not os.path.exists(group.directory)


def test_nothing_is_left_behind_by_an_exception() -> None:
    held = running_group(2)
    group = held.__enter__()
    processes = processes_of(group)
    assert not held.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert not any(is_running(process) for process in processes)
    assert not os.path.exists(group.directory)


@pytest.mark.parametrize("paused", ["", "paused"])
@pytest.mark.parametrize("own_directory", [False, True])
def test_nothing_is_left_behind_by_a_killed_parent(tmp_path: Path, paused: str, own_directory: bool) -> None:
    directory = tmp_path / "client" if own_directory else ""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(directory), paused],
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    ) as parent:
        assert parent.stdout is not None
        left = json.loads(parent.stdout.readline())
        assert all(is_running(process) for process in left["processes"])
        assert os.path.exists(left["file"])
        parent.kill()
    wait_until(lambda: not any(is_running(process) for process in left["processes"]))
    assert not os.path.exists(left["file"])
    assert not os.path.exists(left["folder"])
    assert not os.path.exists(tmp_path / "client")


def test_members_end_with_their_parent_even_when_the_reaper_is_killed_first(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, "", ""],
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as parent:
        assert parent.stdout is not None
        left = json.loads(parent.stdout.readline())
        os.kill(left["processes"][-1], signal.SIGKILL)
        parent.kill()
    wait_until(lambda: not any(is_running(process) for process in left["processes"]))
    assert sorted(os.listdir(left["folder"])) == ["Chrystoki.conf"]  # each member has removed its socket


def test_a_killed_reaper_is_made_up_for() -> None:
    with running_group(1) as group:
        assert group._reaper is not None
        group._reaper.kill()
        group._reaper.wait()
    assert not os.path.exists(group.directory)


FORKING = """
import os, sys, time
from confkit.emulator.group import running_group
with running_group(2, directory=sys.argv[1]) as group:
    group.pause_member(0)
    child = os.fork()
    if child == 0:
        time.sleep(600)
processes = [process.returncode for process in [*group._processes, group._reaper]]
print(os.waitpid(child, os.WNOHANG), os.listdir(os.path.dirname(sys.argv[1])), processes, os.path.exists(group._private))
os.kill(child, 9)
"""


def test_a_process_forked_meanwhile_keeps_nothing_alive(tmp_path: Path) -> None:
    """It holds the other ends of all pipes; still every process ends by itself, so that what it tidies up is tidied up."""
    done = subprocess.run(
        [sys.executable, "-c", FORKING, str(tmp_path / "client")],
        check=True,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert done.stdout == "(0, 0) [] [0, 0, 0] False\n"


def test_interrupting_the_terminal_does_not_reach_the_members() -> None:
    with running_group(1) as group:
        assert os.getpgid(group._processes[0].pid) == processes_of(group)[-1] != os.getpgrp()


def test_a_group_may_be_started_by_a_thread_that_ends() -> None:
    held = running_group(1)
    groups: list[EmulatedGroup] = []
    thread = threading.Thread(target=lambda: groups.append(held.__enter__()))
    thread.start()
    thread.join()
    assert groups[0].counters(0)["requests"] == 0
    held.__exit__(None, None, None)


def test_a_folder_of_the_users(tmp_path: Path) -> None:
    directory = tmp_path / "client"
    with running_group(1, directory=str(directory)) as group:
        assert group.config_path == f"{directory}/Chrystoki.conf"
        assert os.listdir(directory) == ["Chrystoki.conf"]
    assert os.listdir(tmp_path) == []


def test_what_else_is_in_the_users_folder_stays(tmp_path: Path) -> None:
    directory = tmp_path / "client"
    directory.mkdir()
    directory.joinpath("notes").write_text("mine")
    with running_group(1, directory=str(directory)):
        pass
    assert os.listdir(directory) == ["notes"]


def test_a_file_of_the_users_is_not_touched(tmp_path: Path) -> None:
    tmp_path.joinpath("Chrystoki.conf").write_text("mine")
    with pytest.raises(FileError, match=r"Chrystoki\.conf: .*File exists.*directory of your own"):
        running_group(1, directory=str(tmp_path)).__enter__()
    assert tmp_path.joinpath("Chrystoki.conf").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be made"):
        running_group(1, directory=str(tmp_path / "no" / "such")).__enter__()


def test_a_temporary_folder_whose_path_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    with pytest.raises(UnavailableError, match="TMPDIR"):
        running_group(1).__enter__()
    assert os.listdir(long) == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"members": 0},
        {"members": 33},
        {"groups": 0},
        {"groups": 33},
        {"label": ""},
        {"label": "x" * 33},
        {"label": "x" * 31, "groups": 2},
        {"label": "a;b"},
        {"label": "a\nb"},
        {"label": "grün"},
    ],
)
def test_arguments_that_cannot_be(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"HA group|groups can|label"):
        running_group(**arguments).__enter__()  # type: ignore[arg-type]


def test_a_stopped_or_paused_member_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confkit.emulator.group._MAX_ANSWER_SECONDS", 0.2)
    with running_group(2) as group:
        group.stop_member(0)
        group.pause_member(1)
        for index in (0, 1):
            with pytest.raises(UnavailableError, match=f"member {index} .* stopped or paused"):
                group.counters(index)


def test_a_stopped_member_keeps_its_port() -> None:
    with running_group(1) as group:
        port = group.members[0].port
        group.stop_member(0)
        assert not can_connect(port)
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        group.start_member(0)
        assert can_connect(port)


def test_wrong_wishes_are_refused() -> None:
    with running_group([MemberPlan(fault=Fault("hang"))]) as group:
        with pytest.raises(ValueError, match="unknown fault"):
            group.set_fault(0, "sleepy")
        with pytest.raises(ValueError, match="takes 2 values"):
            group.set_latency(0, 5, law="normal")
