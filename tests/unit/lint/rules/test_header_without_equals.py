"""CK116 header-without-equals: A section name is not followed by `=`."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A {\n}\n", [("CK116", 1, 1, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n}\n",
        "A={\n}\n",
        "LunaSA Client   =   {\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK116" not in codes(text)
