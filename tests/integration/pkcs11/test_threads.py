"""8 threads make 1,000 signatures each while members are killed, hang and come back at random."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.emulator import build
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.emulator import ADDRESS, THREAD, build_all, sanitizers_work
from testing.programs import needs, unmet
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from confkit.emulator.group import EmulatedGroup

STORM = Path(__file__).parents[3] / "testing" / "signing_storm.c"
THREADS, SIGNATURES = 8, 1000
SANITIZERS = {"none": (), "address": ADDRESS, "thread": THREAD}
# SoftHSM2 and OpenSSL are not compiled with the sanitizer: what it sees of them alone means nothing
OPTIONS = {"TSAN_OPTIONS": "ignore_noninstrumented_modules=1:exitcode=66", "ASAN_OPTIONS": "detect_leaks=0"}


def storm(folder: Path, flags: tuple[str, ...]) -> tuple[str, str]:
    """Compile the program and the library; return their paths."""
    program = str(folder / "storm")
    library = build_all(folder, flags).library
    command = [build.compiler(), "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-pthread", *flags]
    subprocess.run([*command, "-I", build.DIRECTORY, "-o", program, str(STORM), "-ldl"], check=True)
    return program, library


class Chaos:
    """Something happens to one of `members` at every step; the same seed makes the same story."""

    def __init__(self, group: EmulatedGroup, members: list[int], seed: int) -> None:
        self._group = group
        self._members = members
        self._random = random.Random(seed)
        self._stopped: set[int] = set()

    def step(self) -> None:
        index = self._random.choice(self._members)
        if index in self._stopped:
            self._group.start_member(index)
            self._stopped.remove(index)
            return
        deed = self._random.choice(["kill", "hang", "refuse", "reset", "flap:0.3", "removed", None, None])
        if deed == "kill":
            self._group.stop_member(index)
            self._stopped.add(index)
        else:
            self._group.set_fault(index, deed)

    def end(self) -> None:
        for index in self._members:
            if index in self._stopped:
                self._group.start_member(index)
            else:
                self._group.set_fault(index, None)


@pytest.mark.parametrize("sanitizer", SANITIZERS)
@pytest.mark.parametrize("members", [[0, 1], [0, 1, 2]], ids=["one-always-lives", "all-may-be-down"])
def test_every_signature_is_right_or_the_group_was_lost(tmp_path: Path, sanitizer: str, members: list[int]) -> None:
    needs("cc")
    needs_softhsm()
    flags = SANITIZERS[sanitizer]
    if not sanitizers_work(tmp_path, flags):
        unmet(f"needs the run-time library of the {sanitizer} sanitizer")
    program, library = storm(tmp_path, flags)
    plans = [MemberPlan(latency_ms=(1,))] * 3
    with running_group(plans, crypto=True, reconnect_interval_ms=50, receive_timeout_ms=300) as group:
        command = [program, library, group.pin, str(THREADS), str(SIGNATURES)]
        environment = {**os.environ, **OPTIONS, **group.environment()}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            chaos = Chaos(group, members, seed=1)
            while process.poll() is None:
                chaos.step()
                with_pause(process, 0.1)
            chaos.end()
            out, messages = process.communicate()
    assert process.returncode == 0, out + messages
    _, done, _, failed = out.split()
    assert int(done) > 0
    if members == [0, 1]:
        assert (int(done), int(failed)) == (THREADS * SIGNATURES, 0)
    else:
        assert int(done) + int(failed) >= THREADS * SIGNATURES
    assert "WARNING" not in messages
    assert "ERROR" not in messages


def with_pause(process: subprocess.Popen[str], seconds: float) -> None:
    """Let the storm go on for a while."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
