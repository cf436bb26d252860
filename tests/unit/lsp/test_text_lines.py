"""Changes of an open file, against the text as one string."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.lsp.positions import Units
from confkit.lsp.text_lines import Change, changed, split
from testing.random_edits import drifted, random_change

TEXT = st.text(st.sampled_from("a={};\r\n \x0c\x85\u2028é€\U0001f511"), max_size=40)


def test_lines_end_as_the_protocol_says_and_not_as_python_does() -> None:
    assert split("a\nb\r\nc\rd\x0ce\u2028f") == ["a\n", "b\r\n", "c\r", "d\x0ce\u2028f"]


@given(TEXT, st.integers(0, 2**32), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_random_edits_do_not_drift(text: str, seed: int, units: Units) -> None:
    assert drifted(text, random.Random(seed), units, 30) is None


@pytest.mark.parametrize(
    ("text", "change", "after"),
    [
        ("a\rb", Change(1, 0, 1, 0, "\n"), ["a\r\n", "b"]),
        ("a\r\nb", Change(0, 1, 1, 0, ""), ["ab"]),
        ("a", Change(0, 1, 0, 1, "\nb"), ["a\n", "b"]),
        ("a", Change(5, 0, 9, 0, "b"), ["ab"]),
        ("", Change(0, 0, 0, 0, "x\n"), ["x\n"]),
        ("a\n", Change(1, 0, 1, 0, "b"), ["a\n", "b"]),
        ("a\nb\n", Change(0, 0, 2, 0, ""), []),
        ("a\nb\n", Change(0, 99, 1, 99, "-"), ["a-\n"]),
    ],
)
def test_a_change_at_an_edge(text: str, change: Change, after: list[str]) -> None:
    assert changed(split(text), change, "utf-16") == after


def test_random_changes_are_of_many_kinds() -> None:
    lines, rng = split("Misc = {\r\n  A = é;\r}\n"), random.Random(1)
    found = [random_change(lines, rng, "utf-16") for _ in range(200)]
    assert {bool(change.text) for change in found} == {True, False}
    assert any(change.end_line > change.line for change in found)
    assert any("\n" in change.text for change in found)
