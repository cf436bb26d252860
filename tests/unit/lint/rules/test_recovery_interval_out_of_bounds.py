"""CK316 recovery-interval-out-of-bounds."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 59"], [("CK316", 12, 27, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 1201"], [("CK316", 12, 27, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 1200"], []),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 60000"], []),  # a unit slip, not ours
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "AutoReconnectInterval = 60"),
        section("HAConfiguration", "AutoReconnectInterval = 1200"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK316" not in codes(text)
