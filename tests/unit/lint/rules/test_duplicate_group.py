"""CK303 duplicate-group: Two HA groups have the same label or the same serial number."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SETTINGS, THREE, TWO, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(), group("01", serial=f"1{TWO}")) + REST, [("CK303", 5, 25, "warning")]),
        (
            groups(group(), group("01", "archive"))
            + SETTINGS
            + section("HASynchronize", "payments = 1", "archive = 1"),
            [("CK303", 6, 22, "warning")],
        ),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


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
    assert "CK303" not in codes(text)
