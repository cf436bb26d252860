"""CK124 duplicate-entry: An entry is in its section more than once."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 1;\n x = 2;\n}\n", [("CK124", 3, 2, "error")]),
        (A + " x = 1;\n x = 1;\n}\n", [("CK124", 3, 2, "warning")]),
        (A + " x = 1;\n x = 1;\n x = 2;\n}\n", [("CK124", 3, 2, "warning"), ("CK124", 4, 2, "error")]),
        ("[A]\nx=1\nX=1\n", [("CK124", 3, 1, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (A + " x = 1;\n x = 2;\n}\n", "x is already set on line 2, with another value"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


def test_a_second_status_timeout_is_an_error_even_with_the_same_value() -> None:
    source = "HAConfiguration = {\n statusTimeout = 5;\n statusTimeout = 5;\n HAOnly = 1;\n HAOnly = 1;\n}\n"
    seen = [(code, line, severity) for code, line, _, severity in rows(source, RULES)]
    assert seen == [("CK124", 3, "error"), ("CK124", 5, "warning")]


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n X = 2;\n}\n",
        "A = {\n x = 1;\n}\nB = {\n x = 2;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK124" not in codes(text)
