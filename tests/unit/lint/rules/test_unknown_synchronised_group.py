"""CK311 unknown-synchronised-group: HASynchronize names a label that no HA group has."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, SETTINGS, THREE, TWO, group, groups
from testing.linting import Row, codes, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group()) + section("HASynchronize", "myha = 1") + SETTINGS, [("CK311", 7, 3, "error")]),
        (groups(group()) + section("HASynchronize", "Payments = 1") + SETTINGS, [("CK311", 7, 3, "error")]),
        (section("HASynchronize", "myha = 1"), [("CK311", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (groups(group()) + section("HASynchronize", "myha = 1") + SETTINGS, groups(group()) + REST),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert len([each for each in found(text, RULES) if each.fix]) == 1
    assert fixed_by_hand(text, "CK311", RULES) == result
    assert "CK311" not in {each.code for each in found(result, RULES)}


def test_no_fix_writes_a_label_that_cannot_be_a_name_or_guesses_between_two() -> None:
    odd = groups(group(label="a=b")) + section("HASynchronize", "x = 1") + SETTINGS
    two = groups(group(), group("01", "archive", f"1{TWO}")) + section("HASynchronize", "x = 1") + SETTINGS
    for text in (odd, two):
        assert [each.fix for each in found(text, RULES) if each.code == "CK311"] == [None]


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
    assert "CK311" not in codes(text)
