"""CK504 host-validation-off: ValidateHost is 0."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[misc]\nvalidatehost=0\n", [("CK504", 2, 14, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Misc", "ValidateHost = 1"),
        section("Misc", "ToolsDir = /bin"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK504" not in codes(text)
