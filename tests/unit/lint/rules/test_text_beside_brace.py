"""CK114 text-beside-brace: A brace shares its line with other text."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A = { x = 1; }\n", [("CK114", 1, 7, "warning")]),
        (A + " x = 1; }\n", [("CK114", 2, 2, "warning")]),
        ("[A] b\n", [("CK114", 1, 5, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("[A] b\n", "text on one line with the name of a section is not read by some programs"),
        ("A = { x = 1; }\n", "x on one line with a brace is not read by some programs"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
        "A = { # note\n x = 1;\n}  # note\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK114" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[A]\nx=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK114" not in codes(text, "crystoki.ini")
