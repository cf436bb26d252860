"""Files that are not UTF-8, and byte order marks, as editors show them."""

from __future__ import annotations

import pytest

from confkit.lsp.file_encoding import UTF8, FileEncoding, encoding_of
from confkit.lsp.text_lines import split

BAD = b"Misc = {\n  # K\xfchlhaus \x80\n  ToolsDir = /usr;\n}\n"


def test_a_file_that_is_not_there_is_utf8() -> None:
    assert encoding_of(["a"], None) == UTF8


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_a_file_in_one_byte_for_each_character_keeps_its_bytes(codec: str) -> None:
    lines = split(BAD.decode(codec))
    encoding = encoding_of(lines, BAD)
    assert encoding.codec == codec
    assert b"".join(map(encoding.encode, lines)) == BAD
    assert [encoding.decode(encoding.encode(line)) for line in lines] == lines


def test_line_endings_of_the_editor_do_not_matter() -> None:
    assert encoding_of(split(BAD.decode("latin-1").replace("\n", "\r\n")), BAD).codec == "latin-1"


def test_a_line_with_replacement_characters_keeps_the_bytes_of_the_disk() -> None:
    lines = split(BAD.decode("utf-8", "replace"))
    encoding = encoding_of(lines, BAD)
    assert b"".join(map(encoding.encode, lines)) == BAD
    edited = [lines[0], lines[1].replace("K", "B"), "  ToolsDir = /é;\n"]
    expected = b"Misc = {\n" + "  # B\ufffdhlhaus \ufffd\n  ToolsDir = /é;\n".encode()
    assert b"".join(map(encoding.encode, edited)) == expected


def test_places_in_a_line_with_bad_bytes() -> None:
    line = BAD.decode("utf-8", "replace").splitlines(keepends=True)[1]
    encoding = encoding_of(split(BAD.decode("utf-8", "replace")), BAD)
    assert [encoding.length_of(line, index) for index in (0, 5, 6, 7)] == [0, 5, 6, 7]


def test_a_mark_that_the_editor_hides() -> None:
    source = b"\xef\xbb\xbfMisc = {\n}\n"
    assert encoding_of(["Misc = {\n", "}\n"], source).hidden_mark
    assert not encoding_of(["\ufeffMisc = {\n", "}\n"], source).hidden_mark


def test_what_the_codec_does_not_have_stays_one_character() -> None:
    assert FileEncoding("latin-1").encode("€ü\n") == b"?\xfc\n"


def test_a_lone_surrogate_survives() -> None:
    assert UTF8.decode(UTF8.encode("a\ud800\n")) == "a\ud800\n"
