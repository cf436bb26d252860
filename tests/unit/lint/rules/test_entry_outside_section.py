"""CK122 entry-outside-section: An entry is outside any section."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import LIBRARY, Row, codes, diagnose, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1;\n", [("CK122", 1, 1, "error")]),
        ("x=1\n[A]\n", [("CK122", 1, 1, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("line", "home"),
    [
        ("RSAKeyGenMechRemap = 1;", "Misc"),
        ("HAOnly = 1;", "HAConfiguration"),
        ("ServerName00 = hsm1;", "LunaSA Client"),
        ("VirtualToken00SN = 1;", "VirtualToken"),
        ("statusTimeout = 10;", "HAConfiguration"),
        ("LibUNIX64 = /a.so;", "Chrystoki2 or CkLog2"),
    ],
)
def test_an_entry_outside_any_section_is_said_to_belong_in_its_own(line: str, home: str) -> None:
    seen = [each for each in diagnose(LIBRARY + line + "\n") if each.code == "CK122"]
    assert [each.message for each in seen] == [
        f"{line.split(maxsplit=1)[0]} stands outside any section: it belongs in {home}"
    ]


def test_of_a_name_that_is_unknown_no_home_is_said() -> None:
    (seen,) = [each for each in diagnose(LIBRARY + "Whatever = 1;\n") if each.code == "CK122"]
    assert seen.message == "Whatever stands outside any section, where no program reads it"


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n# y = 2;\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK122" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "; x=1\n[A]\ny=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK122" not in codes(text, "crystoki.ini")
