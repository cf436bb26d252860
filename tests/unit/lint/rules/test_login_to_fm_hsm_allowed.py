"""CK505 login-to-fm-hsm-allowed: Applications may log in to HSMs that run functionality modules."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (section("Misc", "LoginAllowedOnFMEnabledHSMs = 1"), [("CK505", 2, 33, "info")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Misc", "LoginAllowedOnFMEnabledHSMs = 0"),
        section("Misc", "ToolsDir = /bin"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK505" not in codes(text)
