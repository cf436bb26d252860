"""CK210 invalid-choice: The value is not one that the entry accepts."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("GemEngine", "DisableRsa = 2"), [("CK210", 2, 16, "warning")]),
        (section("GemEngine", "DisableRsa = yes"), [("CK210", 2, 16, "warning")]),
        (section("LunaSA Client", "NetClient = 2"), [("CK210", 2, 15, "warning")]),
        (section("VirtualToken", "VirtualTokenActiveRecovery = enhanced"), [("CK210", 2, 32, "warning")]),
        (section("Presentation", "ShowAdminTokens = 1"), [("CK210", 2, 21, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("GemEngine", "DisableRsa = 1"),
        section("LunaSA Client", "NetClient = 0"),
        section("VirtualToken", "VirtualTokenActiveRecovery = activeEnhanced"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK210" not in codes(text)
