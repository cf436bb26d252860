"""Run the tasks of noxfile.py that a change has to pass, side by side; print each one's output when it ends.

Tests mostly wait, so that two cores carry several tiers at once. Coverage is of the unit and system tests, which are
complete for behaviour, in every process that they start (its .pth file reads the variable). The other tiers run
without: it makes programs slower, and the campaigns count and break the very calls that it would add.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
REPORTS = REPOSITORY / ".cache" / "ci"
LONGEST = 45 * 60  # seconds; a task that hangs is ended, and has failed
SLOWEST = 20
# Sessions one after the other on each line; the lines side by side. Two tiers at a time: with three, the tests of live
# calls saw members miss their timeout because the machine was busy.
LINES = (("tests",), ("integration", "campaign", "lint", "generate", "build", "audit"))
TIERS = ("integration", "tests", "campaign")
OPTIONS = {
    "integration": ("-n", "2"),
    "tests": ("-n", "4"),
    "campaign": ("-n", "3"),
    "generate": ("--check",),
}


class Ended(NamedTuple):
    session: str
    code: int
    seconds: float
    output: str


def main() -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    for old in REPOSITORY.glob(".coverage*"):
        old.unlink()
    ended = []
    with ThreadPoolExecutor(len(LINES)) as pool:
        for future in as_completed(pool.submit(run_line, line) for line in LINES):
            ended += future.result()
    _print_slowest()
    covered = subprocess.run(
        [sys.executable, "-m", "coverage", "combine", "--quiet"], cwd=REPOSITORY, check=False
    ).returncode
    covered = (
        covered or subprocess.run([sys.executable, "-m", "coverage", "report"], cwd=REPOSITORY, check=False).returncode
    )
    print("\nsession       seconds  ")
    for each in ended:
        print(f"{each.session:12} {each.seconds:8.0f}  {'passed' if each.code == 0 else f'FAILED with {each.code}'}")
    print(f"coverage               {'passed' if covered == 0 else 'FAILED'}")
    return 1 if covered or any(each.code for each in ended) else 0


def run_line(line: tuple[str, ...]) -> list[Ended]:
    """Run the sessions of one line and print what each of them said."""
    ended = []
    for session in line:
        done = run_session(session)
        ended.append(done)
        title = (
            f"nox -s {session}: {'passed' if done.code == 0 else f'FAILED with {done.code}'} in {done.seconds:.0f} s"
        )
        print(f"\n==== {title} ====\n{done.output}", end="", flush=True)
    return ended


def run_session(session: str) -> Ended:
    begin = time.monotonic()
    options = list(OPTIONS.get(session, ()))
    if session in TIERS:
        options.append(f"--junitxml={REPORTS / session}.xml")
    command = [sys.executable, "-m", "nox", "--no-error-on-missing-interpreters", "-s", session, "--", *options]
    environment = dict(os.environ)
    if session == "tests":
        environment |= {
            "COVERAGE_PROCESS_START": str(REPOSITORY / "pyproject.toml"),
            "COVERAGE_FILE": str(REPOSITORY / ".coverage"),
        }
    with (REPORTS / f"{session}.log").open("w+b") as log:
        try:
            code = subprocess.run(
                command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log, timeout=LONGEST, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
            log.write(f"\nended after {LONGEST} s\n".encode())
        log.seek(0)
        output = log.read().decode(errors="replace")
    return Ended(session, code, time.monotonic() - begin, output)


def _print_slowest() -> None:
    cases = [
        (float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}")
        for tier in TIERS
        if (REPORTS / f"{tier}.xml").exists()
        for case in ET.parse(REPORTS / f"{tier}.xml").iter("testcase")
    ]
    print(f"\nThe slowest {SLOWEST} of {len(cases)} tests:")
    for seconds, name in sorted(cases, reverse=True)[:SLOWEST]:
        print(f"{seconds:7.1f} s  {name}")


if __name__ == "__main__":
    sys.exit(main())
