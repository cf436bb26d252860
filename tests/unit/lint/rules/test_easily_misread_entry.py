"""CK602 easily-misread-entry."""

from __future__ import annotations

import pytest

from confkit.lint.rules.readers import RULES
from testing.linting import codes, found, section

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # only what no finding of the layout explains, and no number of findings for a fault above
        (A + " old-x = 1;\n x = 2;\n}\n", [("CK602", 3, 2, "info", "luna_getprop and pkcs11_luna takes line 2")]),
        (A + " x = 2;\n old-x = 1;\n}\n", []),
        (A + " old-x = 1;\n x = 1;\n}\n", []),
        (A + " # x = 1;\n x = 2;\n}\n", []),
        (A + " x = 1; // 2\n y = 3 ;\n}\n", []),
        (A + " y = }1;\n ax = 1;\n x = 2;\n}\n", []),
        (A + " ax = 1;\n x = 2;\n\0\n}\n", []),
        ("LunaSA Client = {\n x = 1;\n}\nLuna = {\n x = 2;\n}\n", []),
        ("[A]\nax=1\nx=2\n", []),
    ],
)
def test_what_other_readers_see(source: str, expected: list[tuple[str, int, int, str, str]]) -> None:
    seen = found(source, RULES, "")
    assert [(each.code, each.line, each.column, each.severity) for each in seen] == [each[:4] for each in expected]
    for each, (*_, said) in zip(seen, expected, strict=True):
        assert said in each.message


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n old-x = 2;\n}\n",
        section("Misc", "ToolsDir = /bin", "PE1746Enabled = 0"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK602" not in codes(text)
