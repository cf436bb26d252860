"""CK123 duplicate-section: A section is in the file more than once."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + "}\n" + A + "}\n", [("CK123", 3, 1, "warning")]),
        (A + " x = 1;\n}\n" + A + " x = 2;\n}\n", [("CK123", 4, 1, "warning"), ("CK124", 5, 2, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n}\nB = {\n}\n",
        "A = {\n}\na = {\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK123" not in codes(text)
