"""CK317 recovery-off: There is an HA group, but failed members are not recovered automatically."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import SYNCHRONISED, group, groups
from testing.linting import Row, rows, section


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1"], [("CK317", 9, 1, "warning")]),
        (["HAOnly = 1", "reconnAtt = 0"], [("CK317", 11, 15, "warning")]),
        (["HAOnly = 1", "ReconnAtt = 20"], []),  # the wrong case is a finding of the entries family
        (["HAOnly = 1", "reconnAtt = abc"], []),  # and so is this
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    text = groups(group()) + SYNCHRONISED + section("HAConfiguration", *settings)
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + SYNCHRONISED + "HAConfiguration = { HAOnly = 1;\n  reconnAtt = -1;\n}\n",
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


def test_without_a_section_of_settings_the_groups_are_the_place() -> None:
    assert rows(groups(group()) + SYNCHRONISED, RULES) == [("CK317", 1, 1, "warning"), ("CK318", 1, 1, "info")]
