"""CK155 byte-order-mark: The file starts with a byte order mark."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\ufeff" + A + "}\n", [("CK155", 1, 1, "info")]),
        ("\ufeff[A]\n", [("CK155", 1, 1, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n}\n",
        "A = {\n x = a\ufeffb;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK155" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[A]\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK155" not in codes(text, "crystoki.ini")
