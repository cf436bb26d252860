"""Places in bytes and places in the editor's units, of one file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lsprotocol import types

from confkit.core.syntax.document import BYTE_ORDER_MARK
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from confkit.lsp.file_encoding import FileEncoding, encoding_of
from confkit.lsp.positions import Units
from confkit.lsp.text_lines import Change, split
from testing.open_files import open_file

TEXT = "Misc = {\r\n  # \U0001f511é\r\n  ToolsDir = \U0001f511/é x;\r\n}\r\n"


@pytest.mark.parametrize(("units", "column"), [("utf-8", 13 + 4 + 3), ("utf-16", 13 + 2 + 2), ("utf-32", 13 + 1 + 2)])
def test_a_byte_has_a_column_in_each_unit(units: Units, column: int) -> None:
    file = open_file(TEXT, units=units)
    (entry,) = file.document.sections[0].entries
    byte = entry.value_start + len("\U0001f511/é".encode())
    assert file.position(3, byte) == types.Position(2, column)
    assert file.place(types.Position(2, column)) == (3, byte)


@pytest.mark.parametrize("units", ["utf-8", "utf-16", "utf-32"])
def test_every_boundary_of_a_character_is_found_again(units: Units) -> None:
    file = open_file(TEXT, units=units)
    for number, line in enumerate(file.lines, 1):
        shown = line.rstrip("\r\n")
        for index in range(len(shown) + 1):
            byte = len(shown[:index].encode())
            assert file.place(file.position(number, byte)) == (number, byte)


def test_what_is_behind_the_end_is_the_end() -> None:
    for text, end in (("a", types.Position(0, 1)), ("a\n", types.Position(1, 0)), ("", types.Position(0, 0))):
        file = open_file(text)
        assert file.position(9, 0) == end
        assert file.place(types.Position(9, 9)) == (len(file.lines) + 1, 0)
        assert file.whole_lines(1, 9).end == end


def test_a_hidden_mark_takes_no_column() -> None:
    file = open_file("Misc = {\n}\n", encoding=FileEncoding(hidden_mark=True))
    assert file.source.startswith(BYTE_ORDER_MARK)
    assert file.position(1, 3) == types.Position(0, 0)
    assert file.place(types.Position(0, 0)) == (1, 3)
    marked = [file.range_of(each) for each in lint(file.document, file.path, RULES) if each.line == 1]
    assert all(each.start.line == 0 and each.start.character <= 4 for each in marked)


def test_a_mark_that_is_shown_takes_a_column() -> None:
    file = open_file("\ufeffMisc = {\n}\n")
    section = file.document.sections[0]
    assert file.range(1, section.start, section.end) == types.Range(types.Position(0, 1), types.Position(0, 5))


@pytest.mark.parametrize("shown", ["latin-1", "replace"])
def test_a_finding_in_a_file_that_is_not_utf8_is_in_its_place(shown: str) -> None:
    source = b"Chrystoki2 = {\n  # K\xfchl\xfcng\n  LibUNIX64 = /K\xfchl/x.so\n}\n"
    text = source.decode("latin-1") if shown == "latin-1" else source.decode("utf-8", "replace")
    lines = split(text)
    file = open_file(text, encoding=encoding_of(lines, source))
    assert file.source == source
    found = [(each.code, file.range_of(each)) for each in lint(file.document, file.path, RULES)]
    assert ("CK101", types.Position(2, len(lines[2].rstrip()))) in [(code, span.end) for code, span in found]
    assert ("CK152", types.Position(1, lines[1].index("hl") - 1)) in [(code, span.start) for code, span in found]


def test_changes_come_in_order_and_a_text_replaces_all() -> None:
    file = open_file("a\n").after(2, [Change(0, 0, 0, 1, "b"), Change(0, 1, 0, 1, "c")])
    assert (list(file.lines), file.version) == (["bc\n"], 2)
    assert list(file.after(3, ["x"]).lines) == ["x"]


@pytest.mark.parametrize(
    ("name", "text", "language", "expected"),
    [
        ("Chrystoki.conf", "", "plaintext", True),
        ("x.conf", "Chrystoki2 = {\n", "conf", True),
        ("nginx.conf", "http {\n}\n", "conf", False),
        ("anything", "", "chrystoki", True),
        ("x.yaml", "Chrystoki2 = {\n", "yaml", False),
        ("Dockerfile", "ENV ChrystokiConfigurationPath=/etc\n", "dockerfile", False),
    ],
)
def test_what_is_a_configuration_file(name: str, text: str, language: str, expected: bool) -> None:
    assert replace(open_file(text, name), language=language).is_configuration is expected
