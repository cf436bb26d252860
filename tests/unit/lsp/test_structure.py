from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from confkit.core.view import view
from confkit.lsp.structure import folding, links, symbols
from testing.open_files import open_file

TEXT = """# one
# two
Misc = {
  ToolsDir = /usr;
}

REST = {
  AuthTokenClientSecret = hunter2hunter2;
}
"""


def test_sections_hold_their_entries() -> None:
    misc, rest = symbols(open_file(TEXT))
    assert (misc.name, misc.range, misc.selection_range) == (
        "Misc",
        types.Range(types.Position(2, 0), types.Position(4, 1)),
        types.Range(types.Position(2, 0), types.Position(2, 4)),
    )
    assert misc.children
    assert [(each.name, each.detail) for each in misc.children] == [("ToolsDir", "/usr")]
    assert rest.children
    assert "hunter2" not in str(rest.children[0].detail)


def test_the_outline_hides_what_a_list_of_entries_hides() -> None:
    text = (
        "REST = {\n  AuthTokenClientSecret = hunter2hunter2;\n  hunter2hunter2 = 1;\n}\nhunter2hunter2 = {\n"
        "  MySetting = another2secret;\n  MySwitch = 1;\n  ToolsDir = /usr;\n  ToolsDir = https://me:another2secret@host;\n}\n"
    )
    file = open_file(text)
    shown = [(each.name, [(entry.name, entry.detail) for entry in each.children or ()]) for each in symbols(file)]
    assert not any(secret in str(shown) for secret in ("hunter2", "another2"))
    listed = [
        (section.name, [(entry.name, entry.value or None) for entry in section.entries])
        for section in view(file.document).sections
    ]
    assert shown == listed


def test_every_symbol_lies_in_the_one_around_it() -> None:
    for text in (TEXT, "Misc = {\n  A = 1", "= {\n}\n", "Misc = {\n  A = 1;\n", "x }\nMisc = { A = 1; }\n"):
        for section in symbols(open_file(text)):
            assert section.name
            for each in (section, *(section.children or ())):
                assert each.name
                assert section.range.start <= each.range.start <= each.range.end <= section.range.end
                assert each.range.start <= each.selection_range.start
                assert each.selection_range.end <= each.range.end


def test_sections_and_comments_are_folded() -> None:
    found = {(each.start_line, each.end_line, each.kind) for each in folding(open_file(TEXT))}
    assert found == {(0, 1, types.FoldingRangeKind.Comment), (2, 3, None), (6, 7, None)}


def test_a_block_comment_and_the_windows_form() -> None:
    found = folding(open_file("/* a\n b\n*/\nMisc = {\n}\n"))
    assert [(each.start_line, each.end_line) for each in found] == [(0, 2)]
    found = folding(open_file("; a\n; b\n[Misc]\nA=1\nB=1\n\n\n[Other]\n", "crystoki.ini"))
    assert [(each.start_line, each.end_line) for each in found] == [(2, 4), (0, 1)]


def test_paths_that_exist_are_links(tmp_path: Path) -> None:
    here = tmp_path / "a b.pem"
    here.write_text("")
    text = f'LunaSA Client = {{\n  ServerCAFile = "{here}";\n  ClientCertFile = /no/such/file;\n  ReceiveTimeout = /;\n}}\n'
    (link,) = links(open_file(text))
    assert link.target == here.as_uri()
    assert link.range.start.line == 1
