"""CK142 quoted-value: A value is in quotation marks."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " x = 'a';\n}\n", [("CK142", 2, 6, "warning")]),
        (A + ' x = a "b" c;\n}\n', [("CK142", 2, 6, "warning")]),
        ('[A]\nx="a"\n', [("CK142", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = bob's;\n}\n",
        'A = {\n EngineInit = "label":0:0:passdev=console;\n}\n',
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK142" not in codes(text)
