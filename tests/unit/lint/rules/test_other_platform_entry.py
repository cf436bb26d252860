"""CK206 other-platform-entry: The entry is for the other platform: it has no effect here."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Chrystoki2", "LibNT = c:\\cryptoki.dll"), [("CK206", 2, 3, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Chrystoki2]\nLibUNIX64=/a.so\n", [("CK206", 2, 1, "info")]),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Chrystoki2", "LibUNIX64 = /a.so"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK206" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[Chrystoki2]\nLibNT=c:\\\\cryptoki.dll\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK206" not in codes(text, "crystoki.ini")
