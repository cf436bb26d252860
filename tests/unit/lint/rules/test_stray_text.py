"""CK121 stray-text: A line is not a section, an entry or a comment."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " b\n}\n", [("CK121", 2, 2, "error")]),
        ("b\n", [("CK121", 1, 1, "error")]),
        ("[A]\nb\n", [("CK121", 2, 1, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("A\n= {\n}\n", "this is not a section, an entry or a comment: no program reads it"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n\n // b\n}\n# b\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK121" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[A]\n; b\n# b\nx=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK121" not in codes(text, "crystoki.ini")
