"""CK104 semicolon-in-ini: An entry of crystoki.ini ends with `;`."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[A]\nx=1;\n", [("CK104", 2, 4, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "[A]\nx=1\n",
        "[A]\n; x=1;\n",
        "[A]\nx=a;b\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK104" not in codes(text, "crystoki.ini")


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK104" not in codes(text)
