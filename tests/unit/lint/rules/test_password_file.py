"""CK502 password-file: EngineInit names a file with a password in plain text."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("GemEngine = {\n Engine2Init = 0:0:0:PassFile=/x;\n}\n", [("CK502", 2, 16, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("GemEngine", "EngineInit = 1:0:0:passdev=console"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK502" not in codes(text)
