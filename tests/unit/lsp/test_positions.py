from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.lsp.positions import Units, index_at, width

UNITS: tuple[Units, ...] = ("utf-8", "utf-16", "utf-32")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)


@pytest.mark.parametrize(
    ("text", "widths"), [("abc", (3, 3, 3)), ("é", (2, 1, 1)), ("€", (3, 1, 1)), ("\U0001f511", (4, 2, 1))]
)
def test_the_width_of_a_text_in_each_unit(text: str, widths: tuple[int, int, int]) -> None:
    assert tuple(width(text, units) for units in UNITS) == widths


@given(TEXT)
def test_widths_are_those_of_the_encodings(text: str) -> None:
    assert width(text, "utf-8") == len(text.encode())
    assert width(text, "utf-16") == len(text.encode("utf-16-le")) // 2


@given(TEXT, TEXT, st.sampled_from(UNITS), st.sampled_from(["", "\n", "\r\n", "\r"]))
def test_a_place_is_found_again(before: str, behind: str, units: Units, end: str) -> None:
    assert index_at(before + behind + end, width(before, units), units) == len(before)


@given(TEXT, st.integers(0, 200), st.sampled_from(UNITS))
def test_any_column_is_a_place_in_the_line(line: str, column: int, units: Units) -> None:
    index = index_at(f"{line}\r\n", column, units)
    assert 0 <= index <= len(line)
    assert width(line[:index], units) <= column


def test_a_column_inside_a_character_is_the_character_itself() -> None:
    assert [index_at("\U0001f511x", column, "utf-16") for column in range(4)] == [0, 0, 1, 2]


def test_a_lone_surrogate_has_a_width() -> None:
    assert width("\ud800", "utf-16") == 1
    assert width("\ud800", "utf-8") == 3
