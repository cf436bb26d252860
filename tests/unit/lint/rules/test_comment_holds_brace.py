"""CK132 comment-holds-brace: A comment inside a section contains a brace."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " # {\n}\n", [("CK132", 2, 2, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    "text",
    [
        "# see {1}\nA = {\n // note\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK132" not in codes(text)
