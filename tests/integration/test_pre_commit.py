"""The hooks, run by pre-commit itself in a scratch repository, installed from a copy of this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY, needs, needs_packages, unmet

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = ("confkit", "schemas", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: confkit-fix
        args: [--fail-on, warning, --]
      - id: confkit-lint
        args: [--fail-on, warning, --]
"""
ERROR = b"CardReader = {\n   RemoteCommand = 1\n}\n"
MENDED = b"CardReader = {\n   RemoteCommand = 1;\n}\n"
UNSAFE = b"LunaSA Client = {\n   HAOnly = 1;\n}\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def committed(folder: Path) -> str:
    """Make a repository of all that is in the folder; return the commit."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


def copy_of_this_checkout(folder: Path) -> Path:
    folder.mkdir()
    for name in NEEDED:
        if (REPOSITORY / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.so")
            shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
        else:
            shutil.copy(REPOSITORY / name, folder)
    return folder


def test_pre_commit_runs_both_hooks(tmp_path: Path) -> None:
    """Installs the hooks as users do, so it takes a minute and needs the Python package index."""
    needs("git")
    needs_packages("integration", "pre-commit")
    hooks = copy_of_this_checkout(tmp_path / "hooks")
    revision = committed(hooks)
    project = tmp_path / "project"
    (project / "etc").mkdir(parents=True)
    (project / "etc" / "Chrystoki-template.conf").write_bytes(ERROR)
    (project / "crystoki.INI").write_bytes(b"[CardReader]\r\nRemoteCommand=1\r\n")
    (project / "nginx.conf").write_bytes(UNSAFE)
    (project / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=hooks, revision=revision))
    committed(project)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}

    def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=500, cwd=project, env=environment
        )

    installed = pre_commit("install-hooks")
    if "Could not find a version that satisfies" in installed.stdout:
        unmet("needs the Python package index")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    first = pre_commit("run", "--all-files")
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert "confkit: etc/Chrystoki-template.conf: fixed CK101" in first.stdout
    assert (project / "etc" / "Chrystoki-template.conf").read_bytes() == MENDED
    assert (project / "nginx.conf").read_bytes() == UNSAFE

    second = pre_commit("run", "--all-files")
    assert second.returncode == 0, second.stdout

    (project / "etc" / "Chrystoki-template.conf").write_bytes(UNSAFE)
    third = pre_commit("run", "confkit-lint", "--files", "etc/Chrystoki-template.conf")
    assert third.returncode == 1
    assert "exit code: 1" in third.stdout
    assert "etc/Chrystoki-template.conf:2:4: error CK205" in third.stdout
