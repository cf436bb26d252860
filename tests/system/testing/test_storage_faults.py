"""A child whose calls are made to fail makes the same calls also where it is stopped and continued in between."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path

from testing.storage_faults import StorageFault, need_faults, run

COUNT = 30


def look() -> int:
    """Make COUNT calls; return how many of them failed."""
    failed = 0
    for _ in range(COUNT):
        try:
            os.stat("/")
        except OSError:
            failed += 1
    return failed


def stop_and_continue_the_child() -> None:
    child = int(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[-1])
    for number in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(child, number)
        time.sleep(0.01)


def test_a_child_that_is_stopped_makes_its_calls_once() -> None:
    need_faults()

    def plan(position: int, _: str) -> int | StorageFault | None:
        if position % 3 == 0:
            stop_and_continue_the_child()
        return errno.EIO if position % 10 == 0 else None

    usual = run(look, lambda *_: None)
    assert (len(usual.calls), usual.result) == (COUNT, 0)
    assert run(look, plan) == (usual.calls, COUNT // 10)
