"""The exporter as a process of its own, and what it serves."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from prometheus_client.parser import text_string_to_metric_families

from testing.programs import unmet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confkit.emulator.group import EmulatedGroup

LONGEST = 60.0  # seconds that a test waits for what has to come


class Exporter(NamedTuple):
    """A running exporter: where it serves, and its process."""

    url: str
    process: subprocess.Popen[str]

    def text(self) -> str:
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return str(answer.read(), "utf-8")

    def value(self, name: str, **labels: str) -> float | None:
        """Return the value of the one sample with this name and these labels; None where there is none."""
        wanted = labels.items()
        for family in text_string_to_metric_families(self.text()):
            for sample in family.samples:
                if sample.name == name and wanted <= sample.labels.items():
                    return sample.value
        return None

    def state(self, member: str) -> str | None:
        """Return the state of the member with this serial number."""
        found = [
            word
            for word in ("up", "slow", "down", "unknown")
            if self.value("luna_ha_member_state", member=member, state=word)
        ]
        return found[0] if found else None


@contextmanager
def exporter(
    config: str, *arguments: str, environment: dict[str, str] | None = None, prefix: Sequence[str] = ()
) -> Iterator[Exporter]:
    """Run `confkit exporter` on a free port, by the command `prefix`; at the end it is told to end, and has to end well."""
    command = [*prefix, sys.executable, "-m", "confkit", "exporter", "-c", config, "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        match = re.search(r"metrics on (https?://\S+/metrics)\n", line)
        assert match, line
        yield Exporter(match[1], process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until `condition` holds; fail where it has not come true after a long time."""
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, f"not within {LONGEST:g} s: {what}"
        time.sleep(0.1)


@contextmanager
def task_limit(tasks: int) -> Iterator[list[str]]:
    """Yield the start of a command whose processes and threads are at most `tasks`, as systemd's TasksMax has it."""
    parents = [Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")]
    group = next((each / f"confkit-test-{os.getpid()}" for each in parents if (each / "cgroup.procs").exists()), None)
    try:
        assert group is not None
        group.mkdir()
        (group / "pids.max").write_text(str(tasks))
    except (OSError, AssertionError):
        unmet("needs the right to make a control group with a limit of tasks")
        raise
    try:
        yield ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"]
    finally:
        deadline = time.monotonic() + LONGEST
        while (group / "cgroup.procs").read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        group.rmdir()


@contextmanager
def slow_connections(url: str, count: int) -> Iterator[None]:
    """Keep `count` connections open that send a byte of their request now and then, and open closed ones again."""
    address = urlsplit(url)
    stop = threading.Event()

    def drip() -> None:
        while not stop.is_set():
            with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=5) as slow:
                slow.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
                while not stop.wait(0.2):
                    slow.sendall(b"x")

    clients = [threading.Thread(target=drip) for _ in range(count)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        stop.set()
        for client in clients:
            client.join()


@contextmanager
def faulty(group: EmulatedGroup, index: int, fault: str) -> Iterator[None]:
    """Give a member a fault for the time of the block."""
    group.set_fault(index, fault)
    yield
    group.set_fault(index, None)
