"""CK152 invalid-utf8: A line contains bytes that are not UTF-8."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = \udcff;\n}\n", [("CK152", 2, 6, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "# Schlüssel\nA = {\n x = é;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK152" not in codes(text)
