"""The fuzz targets, run on every processor from a corpus of the samples and of every case of the tests' own.

`--campaign=long` makes ten million executions; docs/explanation/reliability.md has what came of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography.hazmat.primitives import serialization

from testing import pki
from testing.fix_cases import NOT_SAFE, SAFE, UNSAFE
from testing.programs import REPOSITORY, needs_packages

if TYPE_CHECKING:
    from pathlib import Path

# target -> executions of the short and of the long profile: 2,000, 1,300, 150 and 60 of them take a second
EXECUTIONS = {
    "parsing": (30_000, 8_580_000),
    "edits": (20_000, 1_350_000),
    "fixes": (1_500, 40_000),
    "formats": (1_000, 30_000),
    "certificates": (20_000, 500_000),
    "settings": (2_000, 200_000),
    "baseline": (2_000, 200_000),
    "manifests": (1_000, 50_000),
    "file_names": (100, 30_000),
}
# The parsers of certificates, TOML and JSON themselves are in Rust, in C or not of ours.
LEAST_EDGES = {"certificates": 50, "settings": 50, "baseline": 25}
SETTINGS = (
    b'select = ["CK1"]\nignore = ["CK301"]\nfail-on = "warning"\nclient-version = "10.4"\n',
    b'[[per-file-ignores]]\npath = "**/a*.conf"\ncodes = ["CK3"]\nreason = "x"\n',
)
BASELINES = (
    b'{"version": 1, "findings": [{"path": "a", "code": "CK101", "fingerprint": "f"}]}\n',
    b'{"version": 1, "findings": []}',
)
MANIFESTS = (
    b"apiVersion: v1\nmetadata: {name: a}\ndata:\n  Chrystoki.conf: |\n    A = {\n      b = 1\n    }\n",
    b"x: &a {Chrystoki.conf: ''}\ndata: {<<: *a}\n---\nkind: Secret\n",
)
LONGEST = 160  # bytes of a file: longer ones found nothing that these do not, and cost more
LONGEST_CERTIFICATE = 1000


class Fuzzed(NamedTuple):
    """What one fuzzer did: executions, and edges of the code that it reached."""

    executed: int
    edges: int


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
    for number, each in enumerate(
        (pki.certificate("hsm1", alternative=("a.example",)), pki.certificate("ca", authority=True))
    ):
        (folder / f"certificate-{number}").write_bytes(b"\0" + each.public_bytes(serialization.Encoding.DER))
    contents += [*SETTINGS, *BASELINES, *MANIFESTS]
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(bytes([number % 27]) + content)
    return folder


def test_ten_million_executions_in_the_long_profile() -> None:
    assert sum(long for _, long in EXECUTIONS.values()) >= 10_000_000


@pytest.mark.parametrize("target", list(EXECUTIONS))
def test_no_input_breaks_an_invariant(target: str, seeds: Path, tmp_path: Path, long_campaign: bool) -> None:
    needs_packages("integration", "atheris")
    runs, processors = EXECUTIONS[target][long_campaign], os.cpu_count() or 1

    def part(seed: int) -> Fuzzed:
        corpus = tmp_path / f"corpus-{seed}"
        shutil.copytree(seeds, corpus)
        return fuzzed(target, -(-runs // processors), seed, corpus)

    with ThreadPoolExecutor(processors) as pool:  # each waits for a process of its own
        parts = list(pool.map(part, range(1, processors + 1)))
    executed, edges = sum(each.executed for each in parts), max(each.edges for each in parts)
    assert executed >= runs
    assert edges > LEAST_EDGES.get(target, 100)  # the code under test was instrumented, or the fuzzer is blind
    print(f"campaign: fuzzing {target}: {executed} executions, {edges} edges, no invariant broken")


def fuzzed(target: str, runs: int, seed: int, corpus: Path) -> Fuzzed:
    """Run one fuzzer to its end; an input that breaks an invariant fails the test, and is shown."""
    found = corpus.with_name(f"found-{seed}-")
    options = [
        *(f"-runs={runs}", f"-seed={seed}"),
        f"-max_len={LONGEST_CERTIFICATE if target == 'certificates' else LONGEST}",
        f"-dict={REPOSITORY / 'testing' / 'fuzz.dict'}",
        *("-print_final_stats=1", "-timeout=30", "-rss_limit_mb=2048", f"-artifact_prefix={found}"),
    ]
    command = [sys.executable, "-m", "testing.fuzz", target, *options, str(corpus)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", cwd=REPOSITORY)
    inputs = [path.read_bytes() for path in found.parent.glob(f"{found.name}*")]
    assert done.returncode == 0, f"{inputs!r}\n{done.stderr[-6000:]}"
    executed = re.findall(r"number_of_executed_units: (\d+)", done.stderr)[0]
    return Fuzzed(int(executed), int(re.findall(r"cov: (\d+)", done.stderr)[-1]))
