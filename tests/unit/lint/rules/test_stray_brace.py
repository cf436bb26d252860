"""CK113 stray-brace: A brace has no partner or no name."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("}\n", [("CK113", 1, 1, "error")]),
        ("{\n}\n", [("CK113", 1, 1, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A = {\n x = 1;\n};\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK113" not in codes(text)
