"""CK321 alpha-failover: failover_on_deactivation is on, which the vendor calls an alpha feature."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", "failover_on_deactivation = 1"], [("CK321", 12, 30, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "failover_on_deactivation = 0"], []),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "failover_on_deactivation = 0"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK321" not in codes(text)
