"""CK306 members-without-commas: The members of an HA group are separated by spaces instead of commas."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, THREE, TWO, group, groups
from testing.linting import Row, codes, fixed_by_hand, found, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(members=f"{ONE} {TWO}")) + REST, [("CK306", 4, 27, "error")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members=f"{ONE} {TWO} {THREE}")) + REST,
    ],
)
def test_several_gaps_are_one_finding(text: str) -> None:
    assert [code for code, *_ in rows(text, RULES)] == ["CK306"]


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members=f"{ONE}, {TWO}")) + REST,  # as the vendor's example has it
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (groups(group(members=f"{ONE} {TWO}")) + REST, groups(group()) + REST),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert len([each for each in found(text, RULES) if each.fix]) == 1
    assert fixed_by_hand(text, "CK306", RULES) == result
    assert "CK306" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members=f"{ONE},{TWO}")) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK306" not in codes(text)
