"""CK304 unexpected-group-serial."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, TWO, group, groups
from testing.linting import Row, codes, fixed_by_hand, found, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(serial=ONE)) + REST, [("CK304", 3, 22, "info")]),
        (groups(group(serial="4711")) + REST, [("CK304", 3, 22, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(serial=f"1{TWO}")) + REST,  # made from the second member
        groups(group(serial="abc")) + REST,
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (groups(group(serial="4711")) + REST, groups(group()) + REST),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert len([each for each in found(text, RULES) if each.fix]) == 1
    assert fixed_by_hand(text, "CK304", RULES) == result
    assert "CK304" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK304" not in codes(text)
