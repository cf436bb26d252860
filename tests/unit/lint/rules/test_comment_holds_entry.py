"""CK131 comment-holds-entry: A comment inside a section contains an entry."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " # x = 1;\n}\n", [("CK131", 2, 2, "warning")]),
        (A + " /* b\n x = 1;\n */\n}\n", [("CK131", 3, 2, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "# x = 1;\nA = {\n # the default = 3 s\n y = 1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK131" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[A]\n; x=1\ny=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK131" not in codes(text, "crystoki.ini")
