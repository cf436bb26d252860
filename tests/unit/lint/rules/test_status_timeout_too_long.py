"""CK315 status-timeout-too-long."""

from __future__ import annotations

import pytest

from confkit.core.catalogue import entry_facts
from confkit.lint.rules import ha_limits
from confkit.lint.rules.ha import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("60", [("CK315", 2, 19, "info")]),
    ],
)
def test_the_bounds_are_those_of_set_timeout(value: str, expected: list[Row]) -> None:
    assert rows(section("HAConfiguration", f"statusTimeout = {value}"), RULES) == expected


@pytest.mark.parametrize(
    ("receive", "seconds", "expected"),
    [
        ("10000", 10, []),
        ("10000", 11, [("CK315", 5, 19, "info")]),
        ("20", 30, []),  # a unit slip: what is meant is another rule's guess
        ("abc", 30, []),
        ("0", 30, []),
        ('"30000"', 30, []),
    ],
)
def test_it_is_compared_with_the_receive_timeout(receive: str, seconds: int, expected: list[Row]) -> None:
    text = section("LunaSA Client", f"ReceiveTimeout = {receive}") + section(
        "HAConfiguration", f"statusTimeout = {seconds}"
    )
    assert rows(text, RULES) == expected


def test_a_receive_timeout_in_the_wrong_place_is_not_taken_for_the_default() -> None:
    text = section("Luna", "ReceiveTimeout = 90000") + section("HAConfiguration", "statusTimeout = 60")
    assert rows(text, RULES) == []


def test_the_default_of_the_receive_timeout_is_the_catalogues() -> None:
    facts = entry_facts("LunaSA Client", "ReceiveTimeout")
    assert facts is not None
    assert facts.default == str(ha_limits._USUAL_RECEIVE_TIMEOUT)


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "statusTimeout = 20"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK315" not in codes(text)
