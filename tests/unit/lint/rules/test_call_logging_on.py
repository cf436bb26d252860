"""CK503 call-logging-on: The call log is on."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "Chrystoki2 = {\n LibUNIX64 = /l/libcklog2.so;\n}\nCkLog2 = {\n Enabled = 1;\n}\n",
            [("CK422", 2, 14, "warning"), ("CK503", 5, 12, "info")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("CkLog2", "Enabled = 0", "LibUNIX64 = /usr/lib/libCryptoki2_64.so"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK503" not in codes(text)
