"""The names of checks: none is a rule's, no old one is in use, and each old one leads to a check."""

from __future__ import annotations

from confkit.lint.rules import RULES
from confkit.lint.rules.old_names import OLD_NAMES as RULE_OLD_NAMES
from confkit.preflight.old_names import OLD_NAMES
from confkit.preflight.run import CHECKS

NAMES = {check.name for check in CHECKS}


def test_old_names_lead_to_checks_and_are_not_in_use() -> None:
    assert set(OLD_NAMES.values()) <= NAMES
    assert NAMES.isdisjoint(OLD_NAMES)


def test_no_name_is_that_of_a_rule() -> None:
    assert NAMES.isdisjoint(rule.name for rule in RULES)
    assert set(OLD_NAMES).isdisjoint(RULE_OLD_NAMES)
