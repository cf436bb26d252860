"""CK204 other-platform-spelling: The entry has the spelling of the other platform."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Luna", "CommandTimeoutPedSet = 720000"), [("CK204", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Luna]\nCommandTimeOutPedSet=720000\ncommandtimeoutpedset=720000\n", []),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("Luna", "CommandTimeoutPedSet = 1"), section("Luna", "CommandTimeOutPedSet = 1")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK204", RULES) == result
    assert "CK204" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "CommandTimeoutPedSet = 1", "CommandTimeOutPedSet = 720000"),
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text, RULES) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert "CK204" in {each.code for each in wrong}
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "CommandTimeOutPedSet = 720000"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK204" not in codes(text)
