"""CK212 wrong-time-unit."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("HAConfiguration", "statusTimeout = 3000"), [("CK212", 2, 19, "warning")]),
        (section("HAConfiguration", "AutoReconnectInterval = 60000"), [("CK212", 2, 27, "warning")]),
        (section("LunaSA Client", "ReceiveTimeout = 20"), [("CK212", 2, 20, "warning")]),
        (section("Luna", "DefaultTimeOut = 500"), [("CK212", 2, 20, "warning")]),
        (section("XTC", "TimeoutSec = 600000"), [("CK212", 2, 16, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Luna = {\n  DefaultTimeOut = 5 // seconds\n}\n",  # no `;`: where the value ends is uncertain
        "Luna = {\n  DefaultTimeOut = 5};\n}\n",
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            section("HAConfiguration", "statusTimeout = 3000"),
            "statusTimeout takes seconds, and 3000 looks like milliseconds: write 3",
        ),
        (
            section("LunaSA Client", "ReceiveTimeout = 20"),
            "ReceiveTimeout takes milliseconds, and 20 looks like seconds: write 20000",
        ),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("HAConfiguration", "statusTimeout = 3500"), section("HAConfiguration", "statusTimeout = 4")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK212", RULES) == result
    assert "CK212" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "statusTimeout = 3"),
        section("LunaSA Client", "ReceiveTimeout = 20000"),
        section("XTC", "TimeoutSec = 600"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK212" not in codes(text)
