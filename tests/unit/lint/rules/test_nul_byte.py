"""CK153 nul-byte: The file contains NUL bytes."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# \0\n", [("CK153", 1, 3, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 0;\n}\n",
        "A = {\n x = \\0;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK153" not in codes(text)
