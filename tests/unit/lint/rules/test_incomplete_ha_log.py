"""CK319 incomplete-ha-log: The HA log is enabled without a directory, or has a directory without being enabled."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled"], [("CK319", 12, 3, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled", "haLogToStdout = enabled"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled", "haLogPath = /var/log"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = disabled"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogPath = /var/log"], [("CK319", 12, 3, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "haLogPath = /var/log", "haLogStatus = disabled"], []),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "haLogStatus = enabled", "haLogPath = /var/log"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK319" not in codes(text)
