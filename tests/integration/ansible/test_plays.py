"""The collection under ansible-playbook: what a person sees, with the linter and the live check for real."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_running import BIN, play
from testing.programs import REPOSITORY, unmet

CANARY = "Kanarie4711vogel"
OLD = "Ander9Geheimnis"
CONFKIT = BIN / "confkit"
SOURCE = f"HAConfiguration = {{\n   HAOnly = 1;\n   statusTimeout = 3;\n}}\nREST = {{\n   AuthTokenClientSecret = {OLD};\n}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Chrystoki.conf").write_text(SOURCE)
    return tmp_path


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the result of every task of a play that ran with -v, and `shown`: ok, changed, fatal or skipping."""
    found = re.findall(r"^(ok|changed|fatal|skipping): .*?(\{.*\})$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return [{"shown": shown, **json.loads(result)} for shown, result in found]


def test_check_mode_shows_the_difference_that_the_run_then_makes(folder: Path, root: Path, python: str) -> None:
    tasks = "- confkit.luna.chrystoki_entry: {path: ., section: HAConfiguration, key: statusTimeout, value: 10}\n  register: it"
    file = folder / "Chrystoki.conf"
    before = file.stat()
    check = play(folder, root, tasks.replace("path: .", f"path: {folder}"), "--check", "--diff", python=python)
    assert (file.read_text(), file.stat().st_mtime_ns, file.stat().st_ino) == (
        SOURCE,
        before.st_mtime_ns,
        before.st_ino,
    )
    real = play(folder, root, tasks.replace("path: .", f"path: {folder}"), "--diff", python=python)
    assert "-   statusTimeout = 3;\n+   statusTimeout = 10;\n" in real.stdout
    assert check.stdout == real.stdout
    again = play(folder, root, tasks.replace("path: .", f"path: {folder}"), "--diff", python=python)
    assert "changed=0" in again.stdout
    assert file.read_text() == SOURCE.replace("= 3;", "= 10;")


def test_no_secret_is_printed_however_much_is_printed(folder: Path, root: Path, python: str) -> None:
    entry = (
        f"confkit.luna.chrystoki_entry: {{path: {folder}, section: REST, key: AuthTokenClientSecret, value: {CANARY}"
    )
    tasks = f"""\
- {entry}}}
- {entry}x, validate: "cat %s"}}
- {entry}y, validate: "sh -c 'cat %s; false'"}}
  ignore_errors: true
- {entry}z, state: absent}}
  ignore_errors: true
- confkit.luna.chrystoki_lint: {{path: {folder}, fail_on: info}}
  ignore_errors: true
- confkit.luna.chrystoki_info: {{path: {folder}}}
- confkit.luna.chrystoki_entry: {{path: {folder}, section: REST, key: AuthTokenClientSecret, state: absent}}"""
    log = folder / "log"
    done = play(folder, root, tasks, "-vvvvv", "--diff", python=python, ANSIBLE_LOG_PATH=str(log))
    assert done.returncode == 0, done.stdout + done.stderr
    seen = done.stdout + done.stderr + log.read_text()
    for secret in (CANARY, OLD):
        for start in range(3):  # the three ways in which a text can stand inside a longer one that is written in base64
            coded = base64.b64encode(b"x" * start + secret.encode()).decode()[4 * (start > 0) : -4]
            assert coded not in seen
        assert secret not in seen
    assert "AuthTokenClientSecret = ******** (another value);" in done.stdout
    assert "-   AuthTokenClientSecret = ********;" in done.stdout
    assert CANARY not in (folder / "Chrystoki.conf").read_text()


def test_lint_finds_what_confkit_lint_finds(folder: Path, root: Path, python: str) -> None:
    file = folder / "Chrystoki.conf"
    file.write_text(SOURCE.replace("= 3;", "= 61;").replace("HAOnly", "\tHAOnly"))
    tasks = f"""\
- confkit.luna.chrystoki_lint: {{path: {folder}}}
  ignore_errors: true
- confkit.luna.chrystoki_lint: {{path: {folder}, ignore: [CK3, CK204, CK2, CK1]}}
- confkit.luna.chrystoki_lint: {{path: {folder}, select: [CK1], fail_on: warning}}
  ignore_errors: true
- confkit.luna.chrystoki_lint: {{path: {folder}, select: [CK9999]}}
  ignore_errors: true
- confkit.luna.chrystoki_lint: {{path: {folder}/none}}
  ignore_errors: true
- confkit.luna.chrystoki_lint: {{path: {folder}, fail_on: never}}
  ignore_errors: true"""
    done = play(folder, root, tasks, "-v", "--check", python=python)
    everything, ignored, layout, wrong_code, missing, wrong_level = answers(done)
    theirs = subprocess.run(
        [sys.executable, "-m", "confkit", "lint", str(file), "--format", "json"],
        capture_output=True,
        check=False,
        cwd=folder,
    )
    report = json.loads(theirs.stdout)
    assert everything["summary"] == report["summary"]
    assert everything["diagnostics"] == [{**each, "path": str(file)} for each in report["diagnostics"]]
    assert everything["shown"] == "fatal"
    assert re.match(rf"{file}: 1 error, \d+ warnings?(, \d+ infos?)?; first: line 3: CK\d+ ", everything["msg"])
    assert "content" not in everything
    assert ignored["shown"] == "ok"
    assert {each["code"][:3] for each in layout["diagnostics"]} == {"CK1"}
    assert "CK9999" in wrong_code["msg"]
    assert "there is no such file" in missing["msg"]
    assert "fail_on" in wrong_level["msg"]
    assert OLD not in done.stdout


def test_lint_takes_the_settings_beside_the_playbook(folder: Path, root: Path) -> None:
    (folder / "Chrystoki.conf").write_text(SOURCE.replace("= 3;", "= 61;"))
    (folder / "confkit.toml").write_text('select = ["CK1"]\n')
    (quiet,) = answers(play(folder, root, f"- confkit.luna.chrystoki_lint: {{path: {folder}}}", "-v"))
    assert quiet["diagnostics"] == []
    (folder / "confkit.toml").write_text("nonsense = 1\n")
    (wrong,) = answers(play(folder, root, f"- confkit.luna.chrystoki_lint: {{path: {folder}}}", "-v"))
    assert "confkit.toml" in wrong["msg"]


def test_the_live_check_of_an_emulated_group(folder: Path, root: Path, python: str) -> None:
    tasks = f"""\
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, calls: 5, tolerate: 0.5, confidence: 0.9, label: nobody}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, calls: 5, tolerate: 0.5, confidence: 0.9}}
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, calls: 5, tolerate: 0.5, confidence: 0.9, accept: [insufficient]}}
  ignore_errors: true"""
    play_in = folder / "play.py"
    play_in.write_text(
        "import sys; from pathlib import Path; from testing.ansible_running import play\n"
        "done = play(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.read(), '-v', python=sys.argv[3])\n"
        "print(done.stdout, done.stderr); sys.exit(done.returncode)\n"
    )
    emulate = [str(CONFKIT), "emulate", "--members", "2", "--directory", str(folder / "group")]
    done = subprocess.run(
        [*emulate, "--", sys.executable, str(play_in), str(folder), str(root), python],
        input=tasks,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "compiler" in done.stderr:
        unmet("needs the emulator's library")
    nobody, good, refused = answers(done)
    assert (nobody["verdict"], nobody["shown"]) == ("unavailable", "fatal")
    assert "nobody" in nobody["msg"]
    assert (good["verdict"], good["changed"], good["check"]["calls"]["completed"]) == ("sufficient", False, 4)
    assert len(good["check"]["members"]) == 2
    assert (refused["verdict"], refused["shown"]) == ("sufficient", "fatal")


def test_a_live_check_that_cannot_be(folder: Path, root: Path) -> None:
    (folder / "other").write_text("#!/bin/sh\necho '{}'\nexit 0\n")
    (folder / "other").chmod(0o755)
    tasks = f"""\
- confkit.luna.luna_ha_check: {{executable: no-such-confkit}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {folder}/other}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, path: {folder}/none}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, path: {folder}, budget: -1}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, path: {folder}, slot: 1, label: x}}
  ignore_errors: true
- confkit.luna.luna_ha_check: {{executable: {CONFKIT}, path: {folder}}}
  ignore_errors: true"""
    absent, other, missing, budget, both, no_library = answers(play(folder, root, tasks, "-v"))
    assert "there is no executable no-such-confkit on this host. Install luna-confkit there" in absent["msg"]
    assert "ended with 0 and no verdict: {}" in other["msg"]
    assert "there is no such file" in missing["msg"]
    assert "--budget is -1" in budget["msg"]
    assert "mutually exclusive" in both["msg"]
    assert no_library["verdict"] == "unavailable"
    assert no_library["msg"].startswith("unavailable: ")
    skipped = play(folder, root, f"- confkit.luna.luna_ha_check: {{executable: {folder}/other}}", "-v", "--check")
    assert answers(skipped)[0]["shown"] == "skipping"
