"""CK302 gap-in-groups: A number is missing in the numbering of the HA groups."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SETTINGS, THREE, TWO, group, groups
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            groups(group(), group("02", "archive", f"1{THREE}", f"{THREE},{TWO}"))
            + SETTINGS
            + section("HASynchronize", "payments = 1", "archive = 1"),
            [("CK302", 5, 3, "info")],
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
    assert "CK302" not in codes(text)
