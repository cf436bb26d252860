"""CK213 unusual-timeout: A timeout is a tenth of the usual value or less, or ten times it or more."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Luna", "KeypairGenTimeOut = 270000"), [("CK213", 2, 23, "info")]),
        (section("Luna", "DefaultTimeOut = 20000"), [("CK213", 2, 20, "info")]),
        (section("Luna", "PEDTimeout2 = 2000000"), [("CK213", 2, 17, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "PEDTimeout2 = 600000", "PEDTimeout3 = 20000", "DefaultTimeOut = 500000"),
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            section("Luna", "DefaultTimeOut = 20000"),
            "DefaultTimeOut is 20000 ms, the usual value is 500000 ms: is there a digit too many or too few?",
        ),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "KeypairGenTimeOut = 2700000"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK213" not in codes(text)
