"""One `confkit check` after the other, many at a time, and what each of them came to."""

from __future__ import annotations

import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing.hostile import left_behind
from testing.programs import REPOSITORY, unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = "HAConfiguration = {{\n   HAOnly = 1;\n   statusTimeout = {};\n}}\n"
_CHECK = ("check", "--format", "json")
_VANISHES = 30.0  # seconds after a check by which its killed processes and their files are gone, however busy we are
_LONGEST = 400  # seconds that a check may take before the campaign itself gives up on it


class Hit(NamedTuple):
    """What befalls confkit itself when the library has come to its misdeed: a signal, or a stop of some seconds."""

    number: signal.Signals
    stopped_for: float = 0.0


class Case(NamedTuple):
    """One combination: what the library does, how confkit is asked, what befalls it, and what may come of it.

    `codes` are the exit codes and `verdicts` the verdicts that are right; no verdict is asked for where a signal ends
    confkit. `budget` and `status_timeout` in seconds. `more` stands in the configuration file.
    """

    name: str
    deeds: str
    codes: frozenset[int]
    verdicts: frozenset[str]
    budget: float
    arguments: tuple[str, ...] = ("--calls", "3", "--tolerate", "0.5", "--confidence", "0.8")
    hit: Hit | None = None
    status_timeout: int = 3
    more: str = ""


class Ending(NamedTuple):
    """What came of a case. `descriptors` (left open) is None where confkit could not tell any more.

    `seconds`: how long the check took.
    """

    code: int
    verdict: str
    output: str
    descriptors: tuple[str, ...] | None
    processes: tuple[str, ...]
    temporary: tuple[str, ...]
    strangers: tuple[str, ...]
    is_untouched: bool
    seconds: float


class Server:
    """The process of live_server; `start` and `wait` may be called from many threads."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._answers: dict[str, queue.SimpleQueue[int]] = {}
        self._lock = threading.Lock()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def close(self) -> None:
        """Let the process end, which it does when its last command has ended."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._listener.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            self._answers[message["id"]].put(message.get("pid", message.get("status")))

    def start(self, order: dict[str, Any]) -> tuple[str, int]:
        """Start a command; return the name it has here, and its process number."""
        name = str(next(self._numbers))
        self._answers[name] = queue.SimpleQueue()
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps({"id": name, **order}) + "\n")
            self._process.stdin.flush()
        return name, self._answers[name].get(timeout=_LONGEST)

    def wait(self, name: str) -> int:
        """Wait for the end of the command called `name`; return its status."""
        return self._answers[name].get(timeout=_LONGEST)

    def has_ended(self, name: str) -> bool:
        """Tell whether the command called `name` has ended."""
        return not self._answers[name].empty()


@contextmanager
def server() -> Iterator[Server]:
    command = [sys.executable, "-m", "testing.live_server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=unmeasured()
    ) as process:
        running = Server(process)
        try:
            yield running
        finally:
            running.close()


def run(running: Server, library: str, case: Case, folder: Path) -> Ending:
    """Make one check in the new folder `folder`, and look at what it has left."""
    (folder / "tmp").mkdir(parents=True)
    configuration = folder / "Chrystoki.conf"
    configuration.write_text(CONFIGURATION.format(case.status_timeout) + case.more)
    before = configuration.read_bytes(), configuration.stat()
    mark = f"confkit-campaign-{os.getpid()}-{folder.name}"
    order = {
        "folder": str(folder),
        "environment": {
            "PATH": os.environ["PATH"],
            "MARK": mark,
            "TMPDIR": str(folder / "tmp"),
            "HOSTILE": case.deeds,
            "HOSTILE_RUNS": str(folder / "runs"),
            "HOSTILE_REACHED": str(folder / "reached"),
        },
        "arguments": [*_CHECK, "-c", str(folder), "--library", library, "--budget", str(case.budget), *case.arguments],
    }
    began = time.monotonic()
    name, pid = running.start(order)
    if case.hit is not None:
        while not (folder / "reached").exists() and not running.has_ended(name):
            time.sleep(0.02)
        _strike(pid, case.hit)
    code = running.wait(name)
    seconds = time.monotonic() - began
    left = left_behind(mark, _VANISHES)
    processes = tuple(map(_words, left))
    for process in left:  # a finding; it has been noted and need not stay
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    _wait_until_empty(folder / "tmp")
    report = json.loads(_text(folder / "report") or "{}")
    return Ending(
        code,
        _verdict(_text(folder / "out")),
        _text(folder / "out") + _text(folder / "err"),
        tuple(report["descriptors"]) if report else None,
        processes,
        tuple(path.name for path in (folder / "tmp").iterdir()),
        tuple(sorted({path.name for path in folder.iterdir()} - _EXPECTED)),
        _same(before, (configuration.read_bytes(), configuration.stat())),
        seconds,
    )


_EXPECTED = {"Chrystoki.conf", "tmp", "out", "err", "report", "runs", "reached"}


def _strike(pid: int, hit: Hit) -> None:
    with suppress(ProcessLookupError):  # it has ended before the library came to its misdeed: its exit code tells
        os.kill(pid, hit.number)
        if hit.stopped_for:
            time.sleep(hit.stopped_for)
            os.kill(pid, signal.SIGCONT)


def _wait_until_empty(folder: Path) -> None:
    """Wait until a killed process has removed its files, which it does a moment after its parent has ended."""
    give_up = time.monotonic() + _VANISHES
    while any(folder.iterdir()) and time.monotonic() < give_up:
        time.sleep(0.02)


def _words(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return str(pid)
    return f"{pid} {words[:100]}"


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""


def _verdict(output: str) -> str:
    try:
        return str(json.loads(output)["verdict"])
    except ValueError:
        return ""


def _same(before: tuple[bytes, os.stat_result], after: tuple[bytes, os.stat_result]) -> bool:
    stable = ("st_ino", "st_mode", "st_uid", "st_gid", "st_nlink", "st_size", "st_mtime_ns", "st_ctime_ns")
    return before[0] == after[0] and all(getattr(before[1], name) == getattr(after[1], name) for name in stable)
