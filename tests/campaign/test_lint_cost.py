"""What a megabyte of bad input, and a file among thousands, costs `confkit lint`: processor time and memory.

The short profile takes a tenth of a megabyte and 800 files, and has wide limits, since other work may run beside it.
`--campaign=long` takes a megabyte and 40,000 files; docs/explanation/reliability.md has its figures.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.lint_growth import CONFIGURATIONS, MANIFESTS
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

ALL = {**CONFIGURATIONS, **MANIFESTS}
_LINT = """
import os, resource
from confkit.cli.main import main
out = os.open(os.devnull, os.O_WRONLY)
saved = os.dup(1)
os.dup2(out, 1)
os.dup2(out, 2)
try:
    main()
except SystemExit as ended:
    code = ended.code
own = resource.getrusage(resource.RUSAGE_SELF)
# ru_maxrss would be that of the process that started this one, if it was larger
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
os.write(saved, f"{code} {own.ru_utime + own.ru_stime} {peak}".encode())
os._exit(0)
"""


class Cost(NamedTuple):
    """What one lint took: exit code, seconds of processor time, and MB of memory at its peak."""

    code: int
    seconds: float
    megabytes: float


def cost(path: Path, form: str = "text") -> Cost:
    """Lint a file or a directory in a process of its own; what its worker processes take is not counted."""
    command = [sys.executable, "-c", _LINT, "lint", str(path), "--format", form]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)
    code, seconds, kilobytes = done.stdout.split()
    return Cost(int(code), float(seconds), int(kilobytes) / 1024)


def test_a_megabyte_of_bad_input(tmp_path: Path, long_campaign: bool) -> None:
    size = 1_000_000 if long_campaign else 100_000
    empty = tmp_path / "Chrystoki.conf"
    empty.write_bytes(b"")
    least = cost(empty)
    taken = {}
    for name, make in ALL.items():
        path = tmp_path / ("deploy.yaml" if name in MANIFESTS else "Chrystoki.conf")
        path.write_bytes(make(size))
        found = cost(path)
        assert found.code in {0, 1, 3}, name
        taken[name] = Cost(found.code, found.seconds - least.seconds, found.megabytes - least.megabytes)
    for name, found in sorted(taken.items(), key=lambda each: -each[1].seconds):
        print(f"campaign: lint cost: {name}: {found.seconds:.2f} s, {found.megabytes:.0f} MB for {size / 1e6} MB")
    most = size / 1_000_000
    assert {
        name: each for name, each in taken.items() if each.seconds > 10 * most or each.megabytes > 200 * most + 20
    } == {}


@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_the_memory_of_the_parent_does_not_grow_with_the_findings(
    form: str, tmp_path: Path, long_campaign: bool
) -> None:
    count = 20_000 if long_campaign else 400
    source = b"LunaSA Client = {\n   ReceiveTimeout = x;\n   Foo = 1\n}\n"
    peaks = []
    for times in (1, 2):
        for number in range(count * (times - 1), count * times):
            (tmp_path / f"d{number // 100}").mkdir(exist_ok=True)
            (tmp_path / f"d{number // 100}" / f"{number}.conf").write_bytes(source)
        found = cost(tmp_path, form)
        assert found.code == 1
        peaks.append(found.megabytes)
    print(
        f"campaign: lint of {count} and {2 * count} files as {form}: {peaks[0]:.1f} and {peaks[1]:.1f} MB in the parent"
    )
    # a file's name is kept, 0.2 KB; nothing of its findings is, but for 4 MB until a report goes to disk
    assert peaks[1] - peaks[0] < (8 if long_campaign else 2) + count * 0.4 / 1024
