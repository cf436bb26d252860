"""CK101 missing-semicolon: An entry of the UNIX form has no `;` at its end."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 1\n}\n", [("CK101", 2, 7, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (A + " x = 1\n}\n", "x has no `;` at its end"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A = {\n # x = 1\n y = 2;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK101" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[A]\nx=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK101" not in codes(text, "crystoki.ini")
