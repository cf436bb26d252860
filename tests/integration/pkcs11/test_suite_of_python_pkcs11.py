"""python-pkcs11's own tests, from its source archive: on the emulated group as on SoftHSM2 alone, test by test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from confkit.emulator import softhsm
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.programs import needs, unmet
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from pathlib import Path

# Each with the reason why it passes on SoftHSM2 and not on the group.
DIFFERENT = {
    # wants two slots, for SoftHSM2 always has one more with a token that is not initialised; an HA group has one slot
    "tests/test_slots_and_tokens.py::SlotsAndTokensTests::test_get_slots",
    # as above: wants two tokens
    "tests/test_slots_and_tokens.py::SlotsAndTokensTests::test_get_tokens",
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A directory that holds the tests of the installed version and nothing else of its source."""
    pytest.importorskip("pkcs11")
    pytest.importorskip("parameterized")
    wanted = f"python-pkcs11=={version('python-pkcs11')}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "python-pkcs11", wanted]
    done = subprocess.run([*pip, "--dest", str(tmp_path)], capture_output=True, text=True, check=False)
    archives = list(tmp_path.glob("*.tar.gz"))
    if not archives:
        unmet(f"needs the source archive of {wanted}", done.stderr.strip().rpartition("\n")[2])
    with tarfile.open(archives[0]) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (tests,) = (tmp_path / "source").glob("*/tests")
    return tests.rename(tmp_path / "tests").parent


def run(suite: Path, module: str, pins: tuple[str, str], environment: dict[str, str]) -> dict[str, str]:
    """Run the tests with a module; return the outcome of each."""
    variables = {
        "PKCS11_MODULE": module,
        "PKCS11_TOKEN_LABEL": "TEST",
        "PKCS11_TOKEN_PIN": pins[0],
        "PKCS11_TOKEN_SO_PIN": pins[1],
    }
    options = ["-q", "-rA", "--tb=line", "-W", "ignore", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests"],
        cwd=suite,
        env={**os.environ, **variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (?:\[\d+\] )?(\S+)", done.stdout, re.MULTILINE)
    assert lines, done.stdout + done.stderr
    return {name: outcome for outcome, name in lines}


def test_the_group_passes_what_softhsm2_passes(suite: Path, tmp_path: Path) -> None:
    needs("cc", "openssl")
    alone = softhsm.make_tokens(needs_softhsm(), str(tmp_path / "alone"), ["TEST"])
    expected = run(suite, alone.library, (alone.pin, alone.so_pin), {"SOFTHSM2_CONF": alone.configuration})
    with running_group([MemberPlan(latency_ms=(0,))] * 3, crypto=True, label="TEST") as group:
        # the tests choose by the name of the file what they expect of SoftHSM2
        same_name = tmp_path / "libsofthsm2.so"
        same_name.symlink_to(group.library)
        found = run(suite, str(same_name), (group.pin, group.so_pin), group.environment())
    assert sum(outcome == "PASSED" for outcome in expected.values()) > 100
    assert {name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)} == DIFFERENT
