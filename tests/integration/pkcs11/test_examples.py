"""The examples of docs/how-to/test-your-application.md, run as they stand there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from testing.programs import needs
from testing.signing_client import example
from testing.softhsm import needs_softhsm

# what the last line of each prints
LAST = {"command-line": "Access:", "java": "signed", "openssl": "Verified OK"}
PROGRAMS = {
    "command-line": ["pkcs11-tool"],
    "java": ["java", "javac", "keytool"],
    "openssl": ["openssl", "pkcs11-tool"],
}


@pytest.fixture(autouse=True)
def _softhsm() -> None:
    needs("cc")
    needs_softhsm()


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_pytest_example_passes(tmp_path: Path) -> None:
    pytest.importorskip("pkcs11")
    (tmp_path / "test_signing.py").write_text(example("test_signing.py"))
    done = run([sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider", "."], tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("name", LAST)
def test_the_commands_work(tmp_path: Path, name: str) -> None:
    needs(*PROGRAMS[name])
    if name == "java":
        (tmp_path / "Sign.java").write_text(example("Sign.java"))
    script = example(name).replace("sh -c ", "sh -ec ")  # any command that fails counts, not the last one alone
    done = run(["sh", "-ec", script], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert LAST[name] in done.stdout.splitlines()[-1]


def test_the_words_of_the_page_are_those_of_the_command(tmp_path: Path) -> None:
    done = run(shlex.split("confkit emulate --crypto -- env"), tmp_path)
    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert {"ChrystokiConfigurationPath", "CONFKIT_LIBRARY", "CONFKIT_TOKEN_LABEL", "CONFKIT_PIN"} <= names
