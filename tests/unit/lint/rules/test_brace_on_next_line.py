"""CK115 brace-on-next-line: The opening brace is on the line after the section name."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A =\n{\n x = 1;\n}\n", [("CK115", 2, 1, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A={\n x = 1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK115" not in codes(text)
