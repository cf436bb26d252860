"""What stands for what, and that nothing known is left in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.fieldreport.pseudonyms import Pseudonyms

NAMES = st.text("abcXYZ019 .-/\\()[]*", min_size=1, max_size=12)


def test_the_same_value_has_the_same_name_whatever_it_is_called_later() -> None:
    names = Pseudonyms()
    assert [names.of("serial", value) for value in ("100", "200", "100")] == ["serial-1", "serial-2", "serial-1"]
    assert names.of("label", "200") == "serial-2"
    assert names.of("label", "signing") == "label-1"
    assert names.of("label", "") == ""


@given(st.lists(st.tuples(st.sampled_from(["label", "host"]), NAMES), max_size=6), st.lists(NAMES, max_size=4))
def test_no_known_value_of_four_characters_is_left_in_a_text(known: list[tuple[str, str]], others: list[str]) -> None:
    names = Pseudonyms()
    stands_for = {value: names.of(kind, value) for kind, value in known}
    text = " ".join([*others, *stands_for, *(value.upper() for value in stands_for)])
    shown = names.hide(text).lower()
    for name in sorted(set(stands_for.values()) | {"address", "path", "number"}, key=len, reverse=True):
        shown = shown.replace(name, "\0")
    assert [value for value in stands_for if len(value) >= 4 and value.lower() in shown] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The library /opt/luna/lib/x.so cannot be loaded", "The library path cannot be loaded"),
        (r"C:\Program.Files\Luna\x.dll", "path"),
        ("member 154438865287 of 10.20.30.40", "member number of address"),
        ("at fe80:0:0:0:1:2:3:4", "at address"),
        ("LunaSA 7.8.0", "LunaSA 7.8.0"),
        ("0x80000999 and/or 12345", "0x80000999 and/or 12345"),
    ],
)
def test_what_looks_like_a_site_s_own_is_hidden_unasked(text: str, shown: str) -> None:
    assert Pseudonyms().hide(text) == shown


def test_a_short_name_is_hidden_as_a_word_alone() -> None:
    names = Pseudonyms()
    names.of("label", "HA")
    assert names.hide("a group HA, not HAL") == "a group label-1, not HAL"


def test_texts_that_every_client_shows_and_version_numbers_stay() -> None:
    names = Pseudonyms()
    for value in ("HA", "Slot", "8", "10"):
        names.of("label", value)
    assert names.hide("HA Virtual Card Slot") == "HA Virtual Card Slot"
    assert names.hide("LunaSA 7.8.10") == "LunaSA 7.8.10"
