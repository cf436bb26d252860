"""Fixes as actions: what they change is what `confkit lint --fix` changes."""

from __future__ import annotations

import pytest
from lsprotocol import types

from confkit.lint.fixes import fixed
from confkit.lint.rules import RULES
from confkit.lsp.actions import FIX_ALL, OPEN_PAGE, Abilities, actions
from confkit.lsp.linting import linted
from testing.open_files import applied, open_file, text_edits
from testing.programs import REPOSITORY

ALL = types.Range(types.Position(0, 0), types.Position(10_000, 0))
CAN = Abilities(opens_pages=True, checks_versions=False)
BROKEN = sorted((REPOSITORY / "samples" / "broken").glob("*.conf"))


def offered(
    text: str, only: list[str] | None = None, span: types.Range = ALL, can: Abilities = CAN
) -> list[types.CodeAction]:
    file = open_file(text, version=7)
    return actions(file, linted(file), span, only, can)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_fix_all_makes_what_the_command_makes(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    expected, applied_fixes = fixed(text.encode(), "Chrystoki.conf", RULES, unsafe=False)
    found = offered(text, [FIX_ALL])
    assert len(found) == bool(applied_fixes)
    for action in found:
        assert applied(text, text_edits(action.edit)).encode() == expected


def test_an_unsafe_fix_says_so_and_is_in_no_fix_of_all() -> None:
    text = "CardReader = {\n  RemoteCommand = 1;\n  RemoteCommand = 0;\n}\n"
    fixes = [each for each in offered(text) if each.edit]
    assert [(each.title, each.is_preferred, each.kind) for each in fixes] == [
        (
            "Remove the later entry (CK124), unsafe: may change what the client does",
            None,
            types.CodeActionKind.QuickFix,
        )
    ]
    assert fixes[0].diagnostics
    assert fixes[0].diagnostics[0].code == "CK124"
    assert offered(text, [FIX_ALL]) == []
    assert applied(text, text_edits(fixes[0].edit)) == "CardReader = {\n  RemoteCommand = 1;\n}\n"


def test_a_safe_fix_is_the_preferred_one() -> None:
    (fix,) = (each for each in offered("CardReader = {\n  RemoteCommand = 1 ;\n}\n", ["quickfix"]) if each.edit)
    assert fix.is_preferred


def test_only_findings_in_the_range() -> None:
    text = "CardReader = {\n  RemoteCommand = 1 ;\n}\n"
    elsewhere = types.Range(types.Position(0, 0), types.Position(0, 2))
    assert [each for each in offered(text, ["quickfix"], elsewhere) if each.diagnostics] == []


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, {"quickfix", FIX_ALL}),
        (["quickfix"], {"quickfix"}),
        (["source"], {FIX_ALL}),
        (["source.fixAll"], {FIX_ALL}),
        (["source.organizeImports"], set()),
        (["refactor"], set()),
    ],
)
def test_only_the_kinds_that_are_asked_for(only: list[str] | None, kinds: set[str]) -> None:
    assert {each.kind for each in offered("CardReader = {\n  RemoteCommand = 1 ;\n}\n", only)} == kinds


def test_the_page_of_a_rule_is_opened_by_a_command() -> None:
    text = "CardReader = {\n  RemoteCommand = 1 ;\n}\n"
    commands = [each.command for each in offered(text) if each.command]
    assert [each.command for each in commands] == [OPEN_PAGE] * len(commands)
    assert any("CK103" in str(each.arguments) for each in commands)
    file = open_file(text)
    assert not any(each.command for each in actions(file, linted(file), ALL, None, CAN._replace(opens_pages=False)))


def test_a_manifest_is_never_fixed() -> None:
    text = (REPOSITORY / "samples" / "kubernetes" / "broken.yaml").read_text()
    file = open_file(text, "broken.yaml", language="yaml")
    result = linted(file)
    assert result.diagnostics
    assert not any(each.edit for each in actions(file, result, ALL, None, CAN))


def test_an_editor_that_checks_versions_is_told_which_one_is_meant() -> None:
    text = "CardReader = {\n  RemoteCommand = 1 ;\n}\n"
    plain = [each.edit for each in offered(text) if each.edit]
    checked = [each.edit for each in offered(text, can=CAN._replace(checks_versions=True)) if each.edit]
    assert len(plain) == len(checked) > 1
    for one, other in zip(plain, checked, strict=True):
        assert one.document_changes is None
        assert text_edits(one) == text_edits(other)
        assert other.document_changes
        assert [each.text_document.version for each in other.document_changes] == [7]  # type: ignore[union-attr]
