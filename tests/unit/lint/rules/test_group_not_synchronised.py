"""CK310 group-not-synchronised: An HA group has no entry in HASynchronize."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SETTINGS, THREE, TWO, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group()) + SETTINGS, [("CK310", 2, 25, "info")]),
        (groups(group(), group("01", "archive", f"1{THREE}", f"{THREE},{TWO}")) + REST, [("CK310", 5, 25, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + "hasynchronize = {\n  payments = 1;\n}\n" + SETTINGS,  # wrong case: not ours
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
        groups(group(), group("01", "archive", f"1{THREE}", f"{THREE},{TWO}"))
        + SETTINGS
        + section("HASynchronize", "payments = 1", "archive = 1"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK310" not in codes(text)
