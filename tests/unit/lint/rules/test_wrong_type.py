"""CK208 wrong-type: The value has the wrong type."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("LunaSA Client", "ServerPort00 = 70000"), [("CK208", 2, 18, "error")]),
        (section("LunaSA Client", "ServerPort00 = abc"), [("CK208", 2, 18, "error")]),
        (section("LunaSA Client", "NetClient = maybe"), [("CK208", 2, 15, "error")]),
        (section("Luna", "DefaultTimeOut = abc"), [("CK208", 2, 20, "error")]),
        (section("Luna", "DomainParamTimeOut = abc"), [("CK208", 2, 24, "info")]),  # recalled
        (section("VirtualToken", "VirtualToken00Members = 12,,13"), [("CK208", 2, 27, "warning")]),
        (section("HAConfiguration", "statusTimeout = soon"), [("CK208", 2, 19, "error")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "ReceiveTimeout = 0", "ServerPort00 = 1792"),
        section("Luna", 'DefaultTimeOut = "500000"'),  # quotation marks are not this family's
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[HAConfiguration]\nstatusTimeout=5;\n", []),  # the `;` is a finding of the layout family
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (section("LunaSA Client", "ServerPort00 = 70000"), "ServerPort00 is 70000, but must be a port from 1 to 65535"),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]
