from __future__ import annotations

from lsprotocol import types

from confkit.lsp.linting import linted
from confkit.lsp.pages import hover
from testing.open_files import open_file

TEXT = "HAConfiguration = {\n  statusTimeout = 61;\n}\n[x\n"


def shown(line: int, character: int, text: str = TEXT, name: str = "Chrystoki.conf") -> tuple[str, types.Range | None]:
    file = open_file(text, name)
    found = hover(file, linted(file), types.Position(line, character))
    if found is None:
        return "", None
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value, found.range


def test_an_entry_shows_all_that_is_known_of_it() -> None:
    page, span = shown(1, 5)
    assert page.startswith("**HAConfiguration / statusTimeout**")
    for fact in ("Type: integer", "Unit: s", "from 3 to 60", "Default:", "Sources:", "https://"):
        assert fact in page
    assert span == types.Range(types.Position(1, 2), types.Position(1, 15))


def test_a_finding_adds_the_page_of_its_rule() -> None:
    page, _ = shown(1, 18)
    assert page.startswith("**HAConfiguration / statusTimeout**")
    assert "# CK314 status-timeout-out-of-bounds" in page


def test_a_section_shows_its_meaning_and_its_entries() -> None:
    page, _ = shown(0, 3)
    assert page.startswith("**HAConfiguration**")
    assert "`statusTimeout`" in page


def test_a_finding_without_an_entry_shows_its_rule() -> None:
    page, span = shown(3, 0)
    assert page.startswith("# CK121 stray-text")
    assert span is not None


def test_nothing_to_say() -> None:
    assert shown(2, 0) == ("", None)
    assert shown(99, 0, "HAConfiguration = {\n  statusTimeout = 5;\n}\n") == ("", None)


def test_the_windows_form_ignores_the_case_of_letters() -> None:
    assert shown(1, 2, "[haconfiguration]\nSTATUSTIMEOUT=5\n", "crystoki.ini")[0].startswith("**HAConfiguration /")
