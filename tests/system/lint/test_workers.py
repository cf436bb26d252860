"""Worker processes: what becomes of them when one is killed, or the command itself."""

from __future__ import annotations

import gc
import os
import select
import signal
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import FileError
from confkit.lint import runner as run
from confkit.lint.discover import Target
from confkit.lint.rules import RULES
from confkit.lint.runner import Plan, lint_target, lint_targets
from confkit.lint.workers import in_workers
from testing.deadly_rules import KILLED, NO_IGNORES
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


def targets(folder: Path, *sources: bytes) -> list[Target]:
    found = []
    for number, source in enumerate(sources):
        (folder / f"{number}.conf").write_bytes(source)
        found.append(Target(str(folder / f"{number}.conf")))
    return found


def test_workers_find_the_same_in_the_same_order(tmp_path: Path) -> None:
    sources = [b"CardReader = {\n   RemoteCommand = %d\n}\n" % number for number in range(100)]
    found = [*targets(tmp_path, *sources), Target("nowhere"), Target("x", source=b"\0"), Target("y", "an error")]
    plan = Plan(RULES, NO_IGNORES)
    assert list(in_workers(partial(lint_target, plan=plan), found, 3)) == [lint_target(each, plan) for each in found]


def test_one_process_and_two_give_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Target(str(path)) for path in sorted((REPOSITORY / "samples").glob("*/*")) if path.is_file()]
    monkeypatch.setattr(run, "MANY_FILES", len(found) - 1)
    told: list[tuple[int, int]] = []
    results = []
    for processors in (1, 2):
        monkeypatch.setattr(run, "_processors", lambda count=processors: count)
        results.append(lint_targets(found, Plan(RULES, NO_IGNORES), lambda *done: told.append(done)))
    assert results[0] == results[1]
    assert [each.path for each in results[0]] == [each.path for each in found]
    assert sum(len(each.diagnostics) for each in results[0]) > 20
    assert told == [(number, len(found)) for number in range(1, len(found) + 1)] * 2


def test_lines_come_back_with_findings_alone(tmp_path: Path) -> None:
    bad, good = targets(tmp_path, b"CardReader = {\n   RemoteCommand = 1\n}\n", b"CardReader = {\n}\n")
    plan = Plan(RULES, NO_IGNORES)
    assert [
        len(each.document.lines) for each in (lint_target(bad, plan), lint_target(good, plan)) if each.document
    ] == [
        3,
        0,
    ]


def test_circles_are_looked_for_again_when_all_is_done(tmp_path: Path) -> None:
    seen: list[bool] = []
    lint_targets(targets(tmp_path, b""), Plan(RULES, NO_IGNORES), lambda *_: seen.append(gc.isenabled()))
    assert (seen, gc.isenabled()) == ([False], True)
    with pytest.raises(KeyboardInterrupt):
        lint_targets(targets(tmp_path, b""), Plan(RULES, NO_IGNORES), interrupt)
    assert gc.isenabled()
    gc.disable()
    try:
        lint_targets(targets(tmp_path, b""), Plan(RULES, NO_IGNORES), lambda *_: None)
        assert not gc.isenabled(), "the caller's choice"
    finally:
        gc.enable()


def interrupt(*_: int) -> None:
    raise KeyboardInterrupt


def test_a_worker_that_is_killed_is_an_error_and_no_end_without_end(tmp_path: Path) -> None:
    found = targets(tmp_path, *[b""] * 30, b"x", *[b""] * 30)
    with pytest.raises(FileError, match="a worker process was killed"):
        list(in_workers(partial(lint_target, plan=Plan((KILLED,), NO_IGNORES)), found, 2))


PARENT = """
import sys
from functools import partial
from pathlib import Path
from testing.deadly_rules import HANGING, NO_IGNORES
from confkit.lint.discover import Target
from confkit.lint.runner import Plan, lint_target
from confkit.lint.workers import in_workers

found = [Target(sys.argv[1])] * 40
list(in_workers(partial(lint_target, plan=Plan((HANGING,), NO_IGNORES)), found, 2))
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_command(tmp_path: Path, sign: signal.Signals) -> None:
    fifo = tmp_path / "pids"
    os.mkfifo(fifo)
    (tmp_path / "Chrystoki.conf").write_bytes(os.fsencode(fifo) + b"\n")
    arguments = [sys.executable, "-c", PARENT, str(tmp_path / "Chrystoki.conf")]
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL, cwd=REPOSITORY) as parent:
        pids: list[int] = []
        while len(pids) < 2:
            pids += map(int, fifo.read_text().split())
        workers = [os.pidfd_open(pid) for pid in pids]
        parent.send_signal(sign)
        parent.wait(timeout=60)
    for worker in workers:
        ended, _, _ = select.select([worker], [], [], 60)
        os.close(worker)
        assert ended
