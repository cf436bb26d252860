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


def test_what_stands_behind_the_closing_brace_is_no_part_of_the_value() -> None:
    (finding,) = (each for each in found(A + " x = 1\n};\n", RULES, "") if each.code == "CK101")
    assert finding.fix is not None


@pytest.mark.parametrize("below", ["   y;\n", "   y\n", "\n # b\n   y;\n", "   y; }\n"])
def test_a_value_below_its_name_is_not_cut_off_by_a_fix_and_it_is_said_where_it_belongs(below: str) -> None:
    (finding,) = (each for each in found(A + " x =\n" + below + "}\n", RULES, "") if each.code == "CK101")
    assert finding.fix is None
    assert "write it behind the `=`" in (finding.help or "")
