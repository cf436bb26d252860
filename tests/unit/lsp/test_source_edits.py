from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.syntax import Edit
from confkit.lsp.file_encoding import FileEncoding, encoding_of
from confkit.lsp.source_edits import edits_of, edits_to
from confkit.lsp.text_lines import split
from testing.open_files import applied, open_file

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "d\r", "é\n"]), max_size=12)


@given(LINES, LINES, st.sampled_from(["", "x"]), st.sampled_from(["", "x"]))
def test_the_edits_make_the_text(old: list[str], new: list[str], tail: str, other_tail: str) -> None:
    before, after = "".join(old) + tail, "".join(new) + other_tail
    edits = edits_to(open_file(before), after.encode())
    assert applied(before, edits) == after
    assert bool(edits) == (before != after)


def test_lines_that_stay_are_not_touched() -> None:
    edits = edits_of(open_file("a\nb\nc\nd\n"), [Edit(2, 0, 1, b"x"), Edit(4, 0, 1, b"y")])
    assert [(each.range.start.line, each.new_text) for each in edits] == [(1, "x\n"), (3, "y\n")]
    assert applied("a\nb\nc\nd\n", edits) == "a\nx\nc\ny\n"


def test_bytes_that_the_editor_cannot_show_stay() -> None:
    source = b"# K\xfchl\nb\n"
    shown = source.decode("utf-8", "replace")
    file = open_file(shown, encoding=encoding_of(split(shown), source))
    assert [each.new_text for each in edits_to(file, source.replace(b"b", b"c"))] == ["c\n"]


def test_a_hidden_mark_is_not_written_into_the_text() -> None:
    file = open_file("a\n", encoding=FileEncoding(hidden_mark=True))
    assert [each.new_text for each in edits_to(file, file.source.replace(b"a", b"b"))] == ["b\n"]
    assert edits_to(file, b"a\n") == []


def test_many_lines_become_one_edit() -> None:
    old = "".join(f"{number}\n" for number in range(6000))
    (edit,) = edits_to(open_file(old), old.replace("1", "x").encode())
    assert applied(old, [edit]) == old.replace("1", "x")
