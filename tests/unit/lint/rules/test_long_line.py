"""CK154 long-line: A line is longer than 1,024 bytes."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"
LONG = "a" * 1030


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + f" x = {LONG};\n}}\n", [("CK154", 2, 1025, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = " + "a" * 1000 + ";\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK154" not in codes(text)
