"""CK318 ha-only-off: There is an HA group, but applications see the slots of its members too."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SYNCHRONISED, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["reconnAtt = -1"], [("CK318", 9, 1, "info")]),
        (["HAOnly = 0", "reconnAtt = -1"], [("CK318", 10, 12, "info")]),
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
        section("HAConfiguration", "HAOnly = 0"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK318" not in codes(text)
