"""CK157 lone-carriage-return: A line ends in CR without LF."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 1;\r}\n", [("CK157", 2, 8, "warning")]),
        ("# a\r\n" + A + " x = 1;\r}\n", [("CK157", 3, 8, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A = {\r\n x = 1;\r\n}\r\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK157" not in codes(text)
