"""CK307 duplicate-member: An HA group lists a member more than once."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, THREE, TWO, group, groups
from testing.linting import Row, codes, fixed_by_hand, found, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(members=f"{ONE},{TWO}, {ONE}")) + REST, [("CK307", 4, 54, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (groups(group(members=f"{ONE}, {TWO}, {ONE}")) + REST, groups(group()) + REST),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert len([each for each in found(text, RULES) if each.fix]) == 1
    assert fixed_by_hand(text, "CK307", RULES) == result
    assert "CK307" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
        groups(group(members=f"{ONE},{TWO}, {THREE}")) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK307" not in codes(text)
