"""A child process that looks: what it reports comes through, and one that is silent, fails or dies is noticed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confkit.preflight.probes import child

if TYPE_CHECKING:
    from confkit.preflight.probes.child import Report


def ran(work: Any, seconds: float = 30.0) -> tuple[bool, list[dict[str, Any]]]:
    taken: list[dict[str, Any]] = []
    return child.run(work, seconds, taken.append), taken


def test_everything_that_is_reported_is_taken_in_order() -> None:
    def work(report: Report) -> None:
        for number in range(1000):
            report({"number": number, "text": "\udcff" * 100})

    ended, taken = ran(work)
    assert ended
    assert [each["number"] for each in taken] == list(range(1000))
    assert taken[0]["text"] == "\udcff" * 100


def test_a_silent_child_is_left_after_its_time_and_what_it_said_is_kept() -> None:
    def work(report: Report) -> None:
        report({"a": 1})
        time.sleep(600)

    began = time.monotonic()
    assert ran(work, 1.0) == (False, [{"a": 1}])
    assert time.monotonic() - began < 20


def test_a_child_that_computes_is_not_silent() -> None:
    def work(report: Report) -> None:
        end = time.process_time() + 4.0
        while time.process_time() < end:
            pass
        report({"a": 1})

    assert ran(work, 3.0) == (True, [{"a": 1}])


def test_an_exception_is_raised_here() -> None:
    def work(_report: Report) -> None:
        raise KeyError("its own")

    with pytest.raises(RuntimeError, match="KeyError: 'its own'"):
        ran(work)


def test_a_child_that_dies_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="ended without a result"):
        ran(lambda _report: os._exit(1))


def is_running(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_no_child_is_left() -> None:
    pids: list[int] = []

    def work(report: Report) -> None:
        other = os.fork()
        if other == 0:
            time.sleep(600)
        report({"pids": [os.getpid(), other]})
        time.sleep(600)

    child.run(work, 1.0, lambda message: pids.extend(message["pids"]))
    for pid in pids:
        end = time.monotonic() + 30
        while is_running(pid) and time.monotonic() < end:
            time.sleep(0.01)
        assert not is_running(pid)
