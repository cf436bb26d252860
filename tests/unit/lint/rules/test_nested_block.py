"""CK112 nested-block: A section contains a nested block."""

from __future__ import annotations

import pytest

from confkit.lint.rules.layout import RULES
from testing.linting import Row, codes, found, rows

A = "A = {\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (A + " B = {\n x = 1;\n }\n}\n", [("CK112", 2, 2, "error")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "") == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (A + " B = {\n }\n}\n", "block B inside section A: is a brace missing above it?"),
    ],
)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in found(source, RULES, "")]


@pytest.mark.parametrize(
    "text",
    [
        "A = {\n x = 1;\n}\nB = {\n x = 1;\n}\n",
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK112" not in codes(text)
