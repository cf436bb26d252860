"""CK143 unbalanced-quote: A quotation mark is not closed before the `;`."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + ' x = "a;\n}\n', [("CK143", 2, 6, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = a;\n y = bob's;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK143" not in codes(text)
