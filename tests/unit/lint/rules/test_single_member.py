"""CK309 single-member: An HA group has one member."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, group, groups
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups(group(members=ONE)) + REST, [("CK309", 4, 27, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK309" not in codes(text)
