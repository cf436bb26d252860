"""CK313 standby-not-a-member: A standby member is not in the list of members of its HA group."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SYNCHRONISED, THREE, TWO, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", f"paymentsStandbyMembers = {TWO},{THREE}"], [("CK313", 12, 41, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", f"paymentsStandbyMembers = {TWO}"], []),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK313" not in codes(text)
