from __future__ import annotations

import subprocess
import sys

import pytest

from confkit.core.errors import UnavailableError
from confkit.emulator import processes
from confkit.emulator.group import running_group
from testing.programs import needs


def sleeping() -> subprocess.Popen[bytes]:
    """A process that says nothing and does not heed the end of its input."""
    needs("sleep")
    return subprocess.Popen(["sleep", "600"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_a_process_that_is_never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MAX_START_SECONDS", 0.1)
    monkeypatch.setattr(processes, "_MAX_END_SECONDS", 0.1)
    process = sleeping()
    with pytest.raises(UnavailableError, match=r"the sleeper was not ready after 0\.1 s"):
        processes.first_line(process, "the sleeper")
    processes.wait(process)
    assert process.returncode < 0


def test_a_process_that_ends_when_it_is_started(capfd: pytest.CaptureFixture[str]) -> None:
    process = processes.start("appliance.py", "{}", process_group=0)
    process.wait()
    processes.tell(process, "nobody listens any more")
    with pytest.raises(UnavailableError, match="member 5 ended when it was started"):
        processes.first_line(process, "member 5")
    processes.wait(process)
    assert "KeyError" in capfd.readouterr().err


def test_a_line_may_come_in_pieces() -> None:
    code = "import sys, time; print(end='one '); sys.stdout.flush(); time.sleep(0.05); print('line', flush=True); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert processes.first_line(process, "it") == "one line"
    assert process.stdin is not None
    process.stdin.close()
    processes.wait(process)
    assert process.returncode == 0


def test_without_an_interpreter_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(FileNotFoundError, match="/nonexistent/python"):
        running_group(1).__enter__()
