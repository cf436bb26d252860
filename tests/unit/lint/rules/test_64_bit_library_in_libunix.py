"""CK421 64-bit-library-in-libunix: LibUNIX names a 64-bit library."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    "source",
    [
        "Chrystoki2 = {\n LibUNIX = /usr/lib/libCryptoki2_64.so;\n}\n",
    ],
)
def test_what_is_shipped_and_works_is_left_alone(source: str) -> None:
    assert rows(source, RULES, "x") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            section("Chrystoki2", "LibUNIX = /usr/lib/libCryptoki2_64.so", "LibUNIX64 = /usr/lib/libCryptoki2_64.so"),
            [("CK421", 2, 13, "info")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Chrystoki2", "LibUNIX = /usr/lib/libCryptoki2.so", "LibUNIX64 = /usr/lib/libCryptoki2_64.so"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK421" not in codes(text)
