"""The exporter as a process of its own, and what it serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.emulator.group import Group

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
def exporter(config: str, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Exporter]:
    """Run `confkit exporter` on a free port; at the end it is told to end, and has to end well."""
    command = [sys.executable, "-m", "confkit", "exporter", "-c", config, "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        match = re.search(r"metrics on (http://\S+/metrics)\n", line)
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
def hanging(group: Group, index: int) -> Iterator[None]:
    """Let a member hang for the time of the block."""
    group.set_fault(index, "hang")
    yield
    group.set_fault(index, None)
