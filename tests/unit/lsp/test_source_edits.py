from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.syntax import Edit
from confkit.core.syntax.document import splice
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


def test_lines_that_change_in_place_are_edited_in_place_however_many_there_are() -> None:
    old = "".join(f"\tName{number} = 1;\n\n" for number in range(3000))
    new = old.replace("\t", "  ")
    edits = edits_to(open_file(old), new.encode())
    assert len(edits) == 3000
    assert all(each.range.start.line % 2 == 0 and each.range.end.line == each.range.start.line + 1 for each in edits)
    assert "".join(each.new_text for each in edits) == new.replace("\n\n", "\n")


def test_where_many_lines_come_or_go_one_edit_makes_it() -> None:
    old = "".join(f"{number}\n" for number in range(200))
    new = old.replace("1", "x").replace("50\n", "")
    (edit,) = edits_to(open_file(old), new.encode())
    assert applied(old, [edit]) == new


@given(LINES, st.dictionaries(st.integers(0, 11), st.sampled_from([b"x", b"y\n", b""]), max_size=4), st.booleans())
def test_edits_of_bytes_are_looked_at_where_they_are(
    old: list[str], changes: dict[int, bytes], hidden_mark: bool
) -> None:
    file = open_file("".join(old), encoding=FileEncoding(hidden_mark=hidden_mark))
    mark = len(file.source) - len("".join(old).encode())
    edits = []
    for number, new in changes.items():
        if number < len(old):
            start = 0 if number else mark
            edits.append(Edit(number + 1, start, start + len(old[number][0].encode()), new))
    after = splice(file.document.lines, edits)[mark:].decode()
    assert applied("".join(old), edits_of(file, edits)) == after
