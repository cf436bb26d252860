"""CK207 deprecated: The vendor marks this section or entry as deprecated."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("HARecovery", "payments = 1", "archive = 1"), [("CK207", 1, 1, "warning")]),
        (section("GemEngine", "DisablePublicCrypto = 1"), [("CK207", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("GemEngine", "LibPath64 = /a.so"),
        section("HAConfiguration", "reconnAtt = -1"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK207" not in codes(text)
