"""The exporter for ten minutes, with faults that come and go at random; run by hand, it prints figures.

    python -m testing.soak [SECONDS]

Members hang, refuse, reset, slow down, flap, are stopped and paused; the file's timeout is changed, and the library is
exchanged for one that crashes. Meanwhile the exporter is scraped ten times a second. At the end there may be no more
processes, threads or descriptors than in the beginning, nor, to a tenth, memory; and no scrape may have failed.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from confkit.emulator.group import running_group
from testing.exporter import exporter
from testing.hostile import hostile_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.emulator.group import EmulatedGroup
    from testing.exporter import Exporter

FAULTS = ("hang", "refuse", "reset", "half-open", "removed", "slow:700", "flap:0.5", "status:CKR_DEVICE_MEMORY")
MEMBERS = 4


class Figures(NamedTuple):
    """Of the exporter's process: its descendants, threads, open descriptors and resident memory in KiB."""

    processes: int
    threads: int
    descriptors: int
    kibibytes: int


def figures(pid: int) -> Figures:
    status = Path(f"/proc/{pid}/status").read_text()
    children = 0
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        with suppress(OSError):
            found = [
                int(word)
                for task in Path(f"/proc/{parent}/task").iterdir()
                for word in (task / "children").read_text().split()
            ]
            children += len(found)
            waiting += found
    return Figures(
        children,
        int(re.findall(r"Threads:\s+(\d+)", status)[0]),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        int(re.findall(r"VmRSS:\s+(\d+)", status)[0]),
    )


def something(group: EmulatedGroup, source: random.Random, library: str) -> str:
    """Do one thing to the group or its file, which the next call may undo; say what it was."""
    index = source.randrange(MEMBERS)
    path = Path(group.config_path)
    text = path.read_text()
    timeout = source.choice([20, 30, 50])

    def restart() -> None:
        group.stop_member(index)
        group.start_member(index)

    def pause() -> None:
        group.pause_member(index)
        time.sleep(0.5)
        group.resume_member(index)

    deeds: dict[str, Callable[[], object]] = {
        "fault": lambda: group.set_fault(index, source.choice(FAULTS)),
        "no fault": lambda: group.set_fault(index, None),
        "restart": restart,
        "pause": pause,
        "timeout": lambda: path.write_text(re.sub(r"statusTimeout = \d+", f"statusTimeout = {timeout}", text)),
        "crash": lambda: path.write_text(re.sub(r"LibUNIX64 = \S+;", f"LibUNIX64 = {library};", text)),
        "no crash": lambda: path.write_text(re.sub(r"LibUNIX64 = \S+;", f"LibUNIX64 = {group.library};", text)),
    }
    words = list(deeds)
    name = source.choices(words, [4, 4, 1, 1, 1, 1, 3])[0]
    deeds[name]()
    return name


def scrape(exporting: Exporter, seconds: float) -> list[float]:
    """Scrape for a while; give how long each scrape took."""
    ends = time.monotonic() + seconds
    took = []
    while time.monotonic() < ends:
        began = time.monotonic()
        exporting.text()
        took.append(time.monotonic() - began)
        time.sleep(0.1)
    return took


def soak(seconds: float) -> int:
    source = random.Random(5)
    done: Counter[str] = Counter()
    seen: list[Figures] = []
    took: list[float] = []
    library = hostile_library()
    environment = {"HOSTILE": "segv-status"}
    options = ("--interval", "1", "--check-interval", "20", "--tolerate", "0.5")
    with (
        running_group(MEMBERS, second_ms=20, status_timeout=20, receive_timeout_ms=500, report_early=True) as group,
        exporter(group.config_path, *options, environment=environment) as exporting,
    ):
        scrape(exporting, 10)  # until everything has been imported
        ends = time.monotonic() + seconds
        shown = 0.0
        while time.monotonic() < ends:
            done[something(group, source, library)] += 1
            took += scrape(exporting, 1.5)
            seen.append(figures(exporting.process.pid))
            if time.monotonic() - shown > 10:
                shown = time.monotonic()
                print(f"{seconds - (ends - shown):5.0f} s  {seen[-1]}", flush=True)
        rounds = exporting.value("luna_ha_rounds_total")
        failed = {
            stage: exporting.value("luna_ha_round_failures_total", stage=stage)
            for stage in ("loading", "initialising", "finding slot", "call", "configuration")
        }
    print(f"done: {dict(done)}; rounds: {rounds}; failed: {failed}")
    print(f"{len(took)} scrapes, the longest {max(took):.3f} s, the median {statistics.median(took):.4f} s")
    return compare(seen)


def compare(seen: list[Figures]) -> int:
    """Print the first and the last quarter side by side; 1 if something grew."""
    quarter = max(1, len(seen) // 4)
    grown = 0
    for name in Figures._fields:
        values = [getattr(each, name) for each in seen]
        # the least: what a round or a scrape needs while it is under way is no growth
        first, last = min(values[:quarter]), min(values[-quarter:])
        allowed = first * 1.1 if name == "kibibytes" else first
        grown += last > allowed
        print(f"{name:12} least in the first quarter {first}, in the last {last}; most {max(values)}")
    print("grown" if grown else "no growth")
    return int(grown > 0)


if __name__ == "__main__":
    sys.exit(soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600))
