"""The names of rules: no old one is in use, and each old one leads to a rule."""

from __future__ import annotations

from confkit.lint.rules import RULES
from confkit.lint.rules.old_names import OLD_NAMES


def test_old_names_lead_to_rules_and_are_not_in_use() -> None:
    names = {rule.name for rule in RULES}
    assert set(OLD_NAMES.values()) <= names
    assert names.isdisjoint(OLD_NAMES)
