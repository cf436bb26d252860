"""CK322 probe-timeout: ProbeTimeout is set, of which no public text gives the section, the unit or the bounds."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", "ProbeTimeout = 5"], [("CK322", 12, 3, "info")]),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "AutoReconnectInterval = 60"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK322" not in codes(text)
