"""The fuzz targets, run for a number of executions from a corpus of the samples and of every case of the tests' own.

`--campaign=long` makes ten million executions; docs/reliability.md has what came of it.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.lint.test_fixes import NOT_SAFE, SAFE, UNSAFE
from tests.programs import REPOSITORY, unmet

if TYPE_CHECKING:
    from pathlib import Path

# target -> executions of the short and of the long profile: 2,000, 1,300, 150 and 60 of them take a second
EXECUTIONS = {
    "parsing": (30_000, 8_500_000),
    "edits": (20_000, 1_350_000),
    "fixes": (1_500, 80_000),
    "formats": (1_000, 70_000),
}
LONGEST = 160  # bytes of a file: longer ones found nothing that these do not, and cost more


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with a file for each seed: one byte that picks name and deed, then the content."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    cases = [*(case[0] for case in SAFE), *(case[0] for case in UNSAFE), *(case[0] for case in NOT_SAFE)]
    contents = [case.encode() for case in cases]
    for path in sorted((REPOSITORY / "samples").rglob("*")):
        if path.suffix in {".conf", ".ini"}:
            contents += re.split(rb"\n\s*\n", path.read_bytes())  # a section each: whole files are too long
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(bytes([number % 27]) + content)
    return folder


def test_ten_million_executions_in_the_long_profile() -> None:
    assert sum(long for _, long in EXECUTIONS.values()) >= 10_000_000


@pytest.mark.parametrize("target", list(EXECUTIONS))
def test_no_input_breaks_an_invariant(target: str, seeds: Path, tmp_path: Path, long_campaign: bool) -> None:
    if importlib.util.find_spec("atheris") is None:
        unmet("needs the Python package atheris")
    runs = EXECUTIONS[target][long_campaign]
    options = [
        *(f"-runs={runs}", f"-max_len={LONGEST}", f"-dict={REPOSITORY / 'tests' / 'campaign' / 'fuzz.dict'}"),
        *("-print_final_stats=1", "-timeout=30", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/"),
    ]
    command = [sys.executable, "-m", "tests.campaign.fuzz", target, *options, str(seeds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", cwd=REPOSITORY)
    inputs = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert done.returncode == 0, f"{inputs!r}\n{done.stderr[-6000:]}"
    executed = int(re.findall(r"number_of_executed_units: (\d+)", done.stderr)[0])
    assert executed >= runs
    coverage = re.findall(r"cov: (\d+)", done.stderr)
    assert int(coverage[-1]) > 100  # the code under test was instrumented, or the fuzzer is blind
    print(f"campaign: fuzzing {target}: {executed} executions, {coverage[-1]} edges, no invariant broken")
