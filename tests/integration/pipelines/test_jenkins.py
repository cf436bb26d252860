"""The commands of the Jenkinsfile, run in a shell as the step `sh` runs them; there is no Jenkins here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from testing.programs import REPOSITORY
from testing.scratch import CLEAN, FAULTY, command

FILE = (REPOSITORY / "integrations" / "jenkins" / "Jenkinsfile").read_text()
INSTALL, LINT, END = re.findall(r"sh(?: |\(script: )'([^']*)'", FILE)


def sh(workspace: Path, script: str, **variables: str) -> int:
    """Run a script as the step does (`sh -xe`) and return its exit code."""
    done = subprocess.run(
        ["/bin/sh", "-xe", "-c", script],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=workspace,
        env={**os.environ, **variables},
    )
    return done.returncode


@pytest.mark.parametrize(("content", "status", "failures"), [(FAULTY, 1, 1), (CLEAN, 0, 0)], ids=["faulty", "clean"])
def test_the_report_holds_the_findings_and_the_build_ends_as_the_linter_did(
    tmp_path: Path, content: bytes, status: int, failures: int
) -> None:
    command(tmp_path / ".confkit" / "bin")  # in the place of what the first step installs
    (tmp_path / ".confkit" / "Chrystoki.conf").write_bytes(FAULTY)  # a hidden folder is not searched
    (tmp_path / "Chrystoki.conf").write_bytes(content)
    assert sh(tmp_path, LINT) == status
    report = ET.parse(tmp_path / ".confkit" / "confkit-junit.xml")
    assert len(report.findall(".//failure")) == failures
    assert sh(tmp_path, END, CONFKIT_STATUS=str(status)) == status


def test_the_file_is_the_one_that_the_page_shows() -> None:
    page = (REPOSITORY / "docs" / "how-to" / "lint-in-ci.md").read_text()
    shown = page.split("```groovy\n")[1].split("```")[0]
    assert all(line.strip() in FILE for line in shown.splitlines())


def test_what_the_repository_commits_is_neither_run_nor_written_to(tmp_path: Path) -> None:
    """A module called like one of Python's own, and a link in the place of the report."""
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / ".confkit").symlink_to("elsewhere")
    for name in ("venv", "json", "typing"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the module of the repository was run')\n")
    made = re.sub(r"&& [^&]*pip install.*", "", INSTALL)
    assert sh(tmp_path, made) == 0
    assert (tmp_path / ".confkit" / "bin" / "python").exists()
    assert not (tmp_path / ".confkit").is_symlink()
    shutil.rmtree(tmp_path / ".confkit")
    command(tmp_path / ".confkit" / "bin")
    (tmp_path / "Chrystoki.conf").write_bytes(FAULTY)
    assert sh(tmp_path, LINT) == 1
    assert (tmp_path / "elsewhere").read_text() == "precious"


def test_the_first_step_is_a_shell_script() -> None:
    subprocess.run(["/bin/sh", "-n", "-c", INSTALL], check=True, timeout=60)
    assert "@v0.1.0" in INSTALL
