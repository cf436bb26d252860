"""CK211 empty-value: The entry has no value."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Misc", "ToolsDir ="), [("CK211", 2, 3, "warning")]),
        (section("REST", "AuthTokenClientSecret ="), [("CK211", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "ServerHtl00 ="),
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        section("Misc", "ToolsDir = /bin"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK211" not in codes(text)
