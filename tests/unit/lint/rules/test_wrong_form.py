"""CK144 wrong-form: The file has the form of the other platform."""

from __future__ import annotations

import pytest

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules.layout import RULES
from testing.linting import LIBRARY, Row, client, codes, diagnose, rows, section


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[A]\nB = {\n", [("CK144", 2, 1, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(("source", "name"), [(b"[A]\nx=1\n", "Chrystoki.conf"), (b"A = {\n}\n", "crystoki.ini")])
def test_the_form_of_the_other_platform(source: bytes, name: str) -> None:
    assert [(each.code, each.line, each.column) for each in lint(parse(source, name), name, RULES)] == [("CK144", 1, 1)]


INI = "[Chrystoki2]\nLibUNIX64=/usr/lib/libCryptoki2_64.so\n[Misc]\nToolsDir=/usr/bin\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (INI, "Chrystoki.conf"),
        (INI, "etc/Chrystoki.conf"),
        (LIBRARY + client("ServerName00 = hsm1"), "crystoki.ini"),
        (section("Misc", r"ToolsDir = C:\Luna"), "crystoki.ini"),
        (INI.replace("\n", "\r\n"), "chrystoki.conf"),
    ],
)
def test_a_whole_file_in_the_other_form_is_one_error(text: str, path: str) -> None:
    seen = diagnose(text, path)
    assert [(each.code, each.severity) for each in seen] == [("CK144", "error")]
    assert seen[0].message.startswith("the file has the form of the other platform")


@pytest.mark.parametrize(
    "text",
    [
        "[A]\nx=1\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK144" not in codes(text, "crystoki.ini")


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK144" not in codes(text)
