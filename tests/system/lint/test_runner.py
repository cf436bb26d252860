"""The pipeline of `confkit lint` as a library: from paths to results, with no command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.lint.baseline import Baseline, KnownFinding, listed
from confkit.lint.lint_file import LintOptions
from confkit.lint.results import Summary
from confkit.lint.rules import RULES
from confkit.lint.runner import LintWarning, lint_paths
from confkit.lint.settings.choice import RequestedSettings, choose
from confkit.lint.settings.ignores import Ignore, Ignores

if TYPE_CHECKING:
    from pathlib import Path

ERROR = b"CardReader = {\n   RemoteCommand = 1\n}\n"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_bytes(ERROR)
    return tmp_path


def test_paths_become_results(directory: Path) -> None:
    run = lint_paths([".", str(directory / "nowhere.conf")], LintOptions(RULES))
    assert run.total == 3
    assert [(each.path, [found.code for found in each.diagnostics]) for each in run] == [
        ("a.conf", ["CK101"]),
        ("b.conf", ["CK101"]),
        ("nowhere.conf", []),
    ]
    assert run.summary == Summary(files=3, errors=2, failed=1, skipped=1)
    assert list(run.warnings()) == []


def test_what_is_suppressed_does_not_count_and_what_has_no_effect_is_said(directory: Path) -> None:
    first, second = lint_paths(["."], LintOptions(RULES))
    baseline = Baseline("b.json", frozenset([*listed(second, "b.json"), KnownFinding("a.conf", "CK201", "x:1")]))
    ignores = Ignores(str(directory), (Ignore("a.conf", ("CK101", "CK2"), "on purpose"),))
    run = lint_paths(["."], LintOptions(RULES, ignores, settings="confkit.toml"), baseline=baseline)
    assert [each.suppressed for each in run] == [
        ((first.diagnostics[0], "on purpose"),),
        ((second.diagnostics[0], "in the baseline"),),
    ]
    assert run.summary == Summary(files=2)
    assert list(run.warnings()) == [
        LintWarning("confkit.toml", "the ignore of CK2 for a.conf ignored nothing. Remove it"),
        LintWarning("b.json", "stale: CK201 in a.conf. Write it anew with --write-baseline"),
    ]


def test_settings_and_what_is_asked_for_make_the_options(directory: Path) -> None:
    (directory / "confkit.toml").write_text('select = ["CK1", "CK2"]\nfail-on = "info"\n')
    choice = choose(RequestedSettings(ignore=("CK2,CK15",)), str(directory), RULES)
    assert {rule.code[:3] for rule in choice.rules} == {"CK1"}
    assert (choice.fail_on, choice.settings) == ("info", str(directory / "confkit.toml"))
