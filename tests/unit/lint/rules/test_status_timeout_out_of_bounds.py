"""CK314 status-timeout-out-of-bounds: The value of statusTimeout is not a whole number of seconds from 3 to 60."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.linting import Row, codes, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2", [("CK314", 2, 19, "error")]),
        ("3", []),
        ("20", []),
        ("61", [("CK314", 2, 19, "error")]),
        ("0", [("CK314", 2, 19, "error")]),
        ("-1", [("CK314", 2, 19, "error")]),
        ("05", [("CK314", 2, 19, "error")]),  # set-timeout, too, refuses what is not in plain digits
        ("3000", []),  # a unit slip and a wrong type are the entries family's
        ("soon", []),
        ("", []),
    ],
)
def test_the_bounds_are_those_of_set_timeout(value: str, expected: list[Row]) -> None:
    assert rows(section("HAConfiguration", f"statusTimeout = {value}"), RULES) == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("HAConfiguration", "statusTimeout = 90"), section("HAConfiguration", "statusTimeout = 60")),
        (section("HAConfiguration", "statusTimeout = 0"), section("HAConfiguration", "statusTimeout = 3")),
        (section("HAConfiguration", "statusTimeout = 05"), section("HAConfiguration", "statusTimeout = 5")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert len([each for each in found(text, RULES) if each.fix]) == 1
    assert fixed_by_hand(text, "CK314", RULES) == result
    assert "CK314" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "statusTimeout = 3"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK314" not in codes(text)
