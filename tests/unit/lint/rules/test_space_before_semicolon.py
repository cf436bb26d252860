"""CK103 space-before-semicolon: There is a space between the value and the `;`."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 1 ;\n}\n", [("CK103", 2, 7, "info")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A = {\n x   =   1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK103" not in codes(text)
