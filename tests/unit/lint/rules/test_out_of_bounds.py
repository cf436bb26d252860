"""CK209 out-of-bounds: The number is outside its bounds."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("HAConfiguration", "reconnAtt = 501"), [("CK209", 2, 15, "warning")]),
        (section("Misc", "AppIdMajor = 4294967296"), [("CK209", 2, 16, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "reconnAtt = -1"),
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "reconnAtt = 500"),
        section("Misc", "AppIdMajor = 4294967295"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK209" not in codes(text)
