"""CK312 unknown-standby-group: Standby members are listed for a label that no HA group has."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, TWO, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", f"paymentStandbyMembers = {TWO}"], [("CK312", 12, 3, "warning")]),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group())
        + SYNCHRONISED
        + section("HAConfiguration", "HAOnly = 1", "reconnAtt = -1", f"paymentsStandbyMembers = {TWO}"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK312" not in codes(text)
