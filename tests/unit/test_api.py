"""What holds the constants and the small modules together."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core import timeout
from confkit.core.catalogue import entry_facts
from confkit.core.errors import ConfkitError
from confkit.core.escape import escape, escape_lines
from confkit.core.syntax import parse


def test_the_bounds_of_the_timeout_are_those_of_the_catalogue() -> None:
    facts = entry_facts(timeout.SECTION, timeout.KEY)
    assert facts is not None
    found = facts.default, facts.minimum, facts.maximum
    assert found == (str(timeout.DEFAULT_SECONDS), timeout.MINIMUM_SECONDS, timeout.MAXIMUM_SECONDS)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"", (3, None)),
        (b"HAConfiguration = {\n statusTimeout = 8;\n}\n", (8, 2)),
        (b"HAConfiguration = {\n statusTimeout = 80;\n}\n", (None, 2)),
    ],
)
def test_the_timeout_in_force(source: bytes, found: tuple[int | None, int | None]) -> None:
    assert timeout.configured(parse(source)) == found


def test_an_error_says_where() -> None:
    assert str(ConfkitError("wrong", path="f", line=2, column=3)) == "f:2:3: wrong"
    assert str(ConfkitError("wrong")) == "wrong"


@given(st.text())
def test_plain_text_has_no_control_characters_and_one_line(text: str) -> None:
    shown = escape(text)
    assert {category(character) for character in shown}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert escape_lines(text).count("\n") == text.count("\n")
    shown.encode("utf-8")


def test_plain_escapes_are_readable() -> None:
    assert escape("a\x1b[31m\u202e\udcff") == "a\\x1b[31m\\u202e\\xff"
