"""CK141 brace-in-value: A value contains a brace."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = a}b;\n}\n", [("CK141", 2, 6, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = (a)[b];\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK141" not in codes(text)
