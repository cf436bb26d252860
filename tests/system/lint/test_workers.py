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
from confkit.lint.lint_file import LintOptions, lint_target
from confkit.lint.results import LintedFile
from confkit.lint.rules import RULES
from confkit.lint.runner import lint_targets
from confkit.lint.workers import AHEAD, CHUNK, in_workers
from confkit.reports.lint.formats import FORMATS, ReportContext, report
from testing.deadly_rules import KILLED, NO_IGNORES
from testing.findings import reported
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    options = LintOptions(RULES)
    wanted = [lint_target(each, options) for each in found]
    assert list(in_workers(partial(lint_target, options=options), found, 3)) == wanted


def test_one_process_and_two_give_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Target(str(path)) for path in sorted((REPOSITORY / "samples").glob("*/*")) if path.is_file()]
    monkeypatch.setattr(run, "MANY_FILES", len(found) - 1)
    results = []
    for processors in (1, 2):
        monkeypatch.setattr(run, "_processors", lambda count=processors: count)
        results.append(list(lint_targets(found, LintOptions(RULES))))
    assert results[0] == results[1]
    assert [each.path for each in results[0]] == [each.path for each in found]
    assert sum(len(each.diagnostics) for each in results[0]) > 20


def test_lines_come_back_with_findings_alone(tmp_path: Path) -> None:
    bad, good = targets(
        tmp_path, b"CardReader = {\n   RemoteCommand = 1\n}\n", b"CardReader = {\n   RemoteCommand = 1;\n}\n"
    )
    plan = LintOptions(RULES, NO_IGNORES)
    assert [
        len(each.document.lines) for each in (lint_target(bad, plan), lint_target(good, plan)) if each.document
    ] == [
        3,
        0,
    ]


def test_circles_are_not_looked_for_while_a_file_is_linted_and_are_between_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = targets(tmp_path, b"", b"")
    during = []

    def noted(target: Target, options: LintOptions) -> LintedFile:
        during.append(gc.isenabled())
        return lint_target(target, options)

    monkeypatch.setattr(run, "lint_target", noted)
    assert [gc.isenabled() for _ in lint_targets(found, LintOptions(RULES))] == [True, True]
    assert during == [False, False]
    gc.disable()
    try:
        list(lint_targets(found, LintOptions(RULES)))
        assert not gc.isenabled(), "the caller's choice"
    finally:
        gc.enable()


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_of_many_files_leaves_nothing_behind(form: str, tmp_path: Path) -> None:
    found = targets(tmp_path, *[b"LunaSA Client = {\n   ReceiveTimeout = x;\n   Foo = 1\n}\n"] * 40) * 3
    reported(form, *lint_targets(found[:3], LintOptions(RULES)))  # what is made once is made
    gc.collect()
    before = len(gc.get_objects())
    left = 0

    def results() -> Iterator[LintedFile]:
        nonlocal left
        for each in lint_targets(found, LintOptions(RULES)):
            left = len(gc.get_objects()) - before if each.path == found[-1].path else left
            yield each

    for _ in report(form, results(), ReportContext(RULES)):
        pass
    assert left < 3000 + 5 * len(found)  # JSON alone left 190 a file: its encoder makes circles


def test_workers_are_only_a_little_ahead(tmp_path: Path) -> None:
    """So that the results of 100,000 files do not pile up in the parent."""
    log = tmp_path / "log"
    results = in_workers(partial(write_down, str(log)), range(10_000), 2)
    for _ in range(100):
        next(results)
    results.close()
    assert 100 <= log.read_text().count("\n") <= 100 + 2 * (AHEAD + 1) * CHUNK


def write_down(log: str, item: int) -> int:
    with open(log, "a", encoding="ascii") as file:
        file.write(f"{item}\n")
    return item


def test_a_worker_that_is_killed_is_an_error_and_no_end_without_end(tmp_path: Path) -> None:
    found = targets(tmp_path, *[b""] * 30, b"x", *[b""] * 30)
    with pytest.raises(FileError, match="a worker process was killed"):
        list(in_workers(partial(lint_target, options=LintOptions((KILLED,), NO_IGNORES)), found, 2))


PARENT = """
import sys
from functools import partial
from pathlib import Path
from confkit.reports.lint.formats import FORMATS, ReportContext, report
from testing.deadly_rules import HANGING, NO_IGNORES
from confkit.lint.discover import Target
from confkit.lint.lint_file import LintOptions, lint_target
from confkit.lint.results import LintedFile
from confkit.lint.workers import in_workers

found = [Target(sys.argv[1])] * 40
list(in_workers(partial(lint_target, options=LintOptions((HANGING,), NO_IGNORES)), found, 2))
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
