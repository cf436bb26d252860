"""Every rule has a test file of its own here, and every other file is named for a property of many rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from confkit.lint.rule import Rule
from confkit.lint.rules import RULES

HERE = Path(__file__).parent
# What many rules have in common.
PROPERTIES = {
    "every_rule_has_its_test",
    "findings_lie_in_the_file",
    "fixes_together",
    "no_secret_in_messages",
    "old_names",
    "one_finding_per_entry",
    "plain_entries",
    "real_files",
    "sound_files",
    "switched_off",
}


def file_of(rule: Rule) -> Path:
    return HERE / f"test_{rule.name.replace('-', '_')}.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_file_that_tests_what_it_finds_and_what_it_leaves_alone(rule: Rule) -> None:
    tree = ast.parse(file_of(rule).read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").startswith(f"{rule.code}")
    assert sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body) >= 2


def test_no_file_is_of_a_rule_that_is_gone_or_of_a_family() -> None:
    names = {path.name for path in HERE.glob("test_*.py")}
    assert names == {file_of(rule).name for rule in RULES} | {f"test_{name}.py" for name in PROPERTIES}
