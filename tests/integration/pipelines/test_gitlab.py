"""The job for GitLab, run by gitlab-ci-local: its shell takes the place of the container, its schema is GitLab's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from testing.programs import REPOSITORY, needs
from testing.scratch import CLEAN, FAULTY, command, commit

JOB = REPOSITORY / "integrations" / "gitlab" / "confkit.gitlab-ci.yml"
# what docs/how-to/lint-in-ci.md says for an image that has confkit
PIPELINE = "include:\n  - local: confkit.gitlab-ci.yml\nconfkit-lint:\n  before_script: []\n"


def pipeline(tmp_path: Path, files: dict[str, str | bytes], *options: str) -> subprocess.CompletedProcess[str]:
    """Run the pipeline of a repository with these files, and the job's file beside them."""
    needs("gitlab-ci-local", "git", "rsync")
    repository = tmp_path / "repository"
    repository.mkdir()
    shutil.copy(JOB, repository)
    for name, content in {".gitlab-ci.yml": PIPELINE, **files}.items():
        (repository / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    commit(repository)
    # the job starts `python3 -I -m confkit`: the interpreter that these tests run in
    path = os.pathsep.join((str(command(tmp_path / "bin")), os.path.dirname(sys.executable), os.environ["PATH"]))
    arguments = ["--force-shell-executor", "--shell-isolation", "--home", str(tmp_path / "home"), "--no-color"]
    return subprocess.run(
        ["gitlab-ci-local", *arguments, *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=repository,
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
    )


def report(tmp_path: Path, name: str) -> str:
    return (
        tmp_path / "repository" / ".gitlab-ci-local" / "artifacts" / "confkit-lint" / ".confkit-reports" / name
    ).read_text()


def test_a_finding_fails_the_job_and_is_in_both_reports(tmp_path: Path) -> None:
    done = pipeline(tmp_path, {"Chrystoki.conf": FAULTY})
    assert done.returncode == 1, done.stderr
    assert "json schema validated" in done.stdout + done.stderr
    assert "Chrystoki.conf:2:21: error CK101" in done.stdout
    (finding,) = json.loads(report(tmp_path, "gl-code-quality-report.json"))
    assert finding["location"] == {"path": "Chrystoki.conf", "lines": {"begin": 2}}
    assert len(finding["fingerprint"]) == 64
    assert ET.fromstring(report(tmp_path, "confkit-junit.xml")).findall(".//failure")


def test_the_settings_of_the_repository_decide_and_a_clean_one_passes(tmp_path: Path) -> None:
    settings = 'ignore = ["CK101"]\n'
    done = pipeline(
        tmp_path,
        {"Chrystoki.conf": FAULTY, "crystoki.ini": b"[CardReader]\r\nRemoteCommand=1\r\n", "confkit.toml": settings},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(report(tmp_path, "gl-code-quality-report.json")) == []


def test_a_repository_without_a_file_to_lint_fails(tmp_path: Path) -> None:
    done = pipeline(tmp_path, {"README.md": "nothing here\n"})
    assert done.returncode == 1
    assert "FAIL 3" in done.stdout + done.stderr


def test_the_schema_is_not_empty_words(tmp_path: Path) -> None:
    wrong = PIPELINE.replace("before_script: []", "artifacts: {reports: {codequality: {no: 1}}}")
    done = pipeline(tmp_path, {".gitlab-ci.yml": wrong, "Chrystoki.conf": CLEAN}, "--list")
    assert done.returncode != 0


@pytest.mark.parametrize("link", [".confkit-reports", ".confkit-reports/gl-code-quality-report.json"])
def test_what_the_repository_commits_is_neither_run_nor_written_to(tmp_path: Path, link: str) -> None:
    """The lines of the job in a shell, beside a module called like one of Python's own and a link for a report."""
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / "elsewhere")
    (tmp_path / "json.py").write_text("raise SystemExit('the module of the repository was run')\n")
    (tmp_path / "Chrystoki.conf").write_bytes(FAULTY)
    lines = JOB.read_text().split("  script:\n")[1].split("  artifacts:")[0].splitlines()
    script = "\n".join(line.strip().removeprefix("- ") for line in lines if not line.strip().startswith("#"))
    # the job starts `python3 -I -m confkit`: the interpreter that these tests run in
    path = os.pathsep.join((str(command(tmp_path / "bin")), os.path.dirname(sys.executable), os.environ["PATH"]))
    done = subprocess.run(
        ["/bin/sh", "-ec", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert len(json.loads((tmp_path / ".confkit-reports" / "gl-code-quality-report.json").read_text())) == 1


@pytest.mark.parametrize("name", ["codequality", "junit"])
def test_each_report_is_kept_as_a_file_too(name: str) -> None:
    described = JOB.read_text().split("artifacts:")[1]
    (file,) = (line.split(": ")[1] for line in described.splitlines() if line.strip().startswith(f"{name}:"))
    assert file in described.split("paths: [")[1].split("]")[0].split(", ")
