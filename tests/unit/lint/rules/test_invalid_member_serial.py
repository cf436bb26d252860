"""CK305 invalid-member-serial: A member of an HA group is not the serial number of a partition."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, THREE, TWO, group, groups
from testing.linting import Row, codes, found, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(members=f"{ONE}, hsm2.example.com, 10.0.0.2")) + REST, [("CK305", 4, 41, "error")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(label='"payments"', members=f'"{ONE},{TWO}"')) + REST,
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


def test_a_wrong_member_is_located_behind_what_is_not_ascii() -> None:
    (diagnostic,) = (each for each in found(groups(group(members=f"äöü, {ONE}")) + REST, RULES) if each.code == "CK305")
    assert (diagnostic.line, diagnostic.column, diagnostic.end_column) == (4, 27, 30)


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members=f"{ONE}, {TWO},{THREE}")) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK305" not in codes(text)
