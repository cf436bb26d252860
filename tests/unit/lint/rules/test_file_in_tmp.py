"""CK415 file-in-tmp: A certificate, key or library lies in a directory for temporary files."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Chrystoki2 = {\n LibUNIX64 = /tmp/lib.so;\n}\n", [("CK415", 2, 14, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Chrystoki2", "LibUNIX64 = /usr/lib/lib.so"),
        section("Chrystoki2", "LibUNIX64 = /opt/tmp/lib.so"),
        section("Chrystoki2", "LibUNIX64 = /tmpfs/lib.so"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK415" not in codes(text)
