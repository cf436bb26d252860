"""CK308 too-many-members: An HA group has more than 32 members."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, group, groups
from testing.linting import Row, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            groups(group(serial="1100", members=",".join(str(100 + n) for n in range(33)))) + REST,
            [("CK308", 4, 27, "error")],
        ),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(serial="1100", members=",".join(str(100 + n) for n in range(32)))) + REST,
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []
