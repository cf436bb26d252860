"""CK151 tab: A line contains a TAB."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + "\tx = 1;\n}\n", [("CK151", 2, 1, "warning")]),
        (A + " x = a\tb;\n}\n", [("CK151", 2, 7, "warning")]),
        (A + " # a\tb\n}\n", [("CK151", 2, 5, "warning")]),
        ("[A]\nx=\t1\n; a\tb\n", [("CK151", 2, 3, "warning"), ("CK151", 3, 4, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n    x = 1;\n}\n",
        "#\ta\tb\nA = {\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK151" not in codes(text)
