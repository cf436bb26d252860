"""CK102 text-after-semicolon: Text follows the `;` of an entry."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 1; // b\n}\n", [("CK102", 2, 9, "warning")]),
        (A + " x = 1; y = 2;\n}\n", [("CK102", 2, 9, "warning")]),
        (A + " x = 1; b\n}\n", [("CK102", 2, 9, "warning")]),
        (A + " x = 1; # y = 2;\n}\n", [("CK102", 2, 9, "warning")]),
        (A + " x = 1; # }\n}\n", [("CK102", 2, 9, "warning"), ("CK132", 2, 9, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (A + " x = 1; y = 2;\n}\n", "y stands behind another entry on the line, where most programs do not see it"),
        (A + " x = 1; b\n}\n", "text stands behind the `;` on the line, where most programs do not see it"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


@pytest.mark.parametrize(
    "text",
    [
        "// b\nA = {\n x = 1;\n}\n",
        "A = {\n x = 1; \n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK102" not in codes(text)
