"""Every feature of `confkit lsp` as an editor meets it: the real server, asked by pytest-lsp's client."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from confkit.lint.linter import page_of
from confkit.lint.rules import RULES
from testing.editor import PULLING, PUSHED, Editor, capabilities, editor
from testing.open_files import applied, text_edits
from testing.programs import REPOSITORY

TEXT = "CardReader = {\n  RemoteCommand = 1 ;\n  RemoteCommand = 0;\n}\n"
KEY = "# \U0001f511\n"
UNITS = {"utf-8": 4, "utf-16": 2, "utf-32": 1}


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[Editor]:
    with editor(tmp_path) as each:
        yield each


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


def test_findings_come_when_a_file_is_opened_and_when_it_changes(pushed: Editor, tmp_path: Path) -> None:
    uri = pushed.open(tmp_path / "Chrystoki.conf", TEXT)
    found = pushed.pushed(uri)
    assert {"CK103", "CK124"} <= set(codes(found))
    duplicate = next(each for each in found if each.code == "CK124")
    assert duplicate.source == "confkit"
    assert duplicate.code_description
    (rule,) = [rule for rule in RULES if rule.code == "CK124"]
    assert duplicate.code_description.href == page_of(rule)
    assert duplicate.related_information
    assert duplicate.related_information[0].location.range.start == types.Position(1, 2)
    line = types.Range(types.Position(2, 0), types.Position(3, 0))
    pushed.change(uri, [types.TextDocumentContentChangePartial(range=line, text="")])
    assert "CK124" not in codes(pushed.pushed(uri))
    pushed.close(uri)
    assert pushed.pushed(uri) == []


def test_changes_in_a_row_are_linted_once(pushed: Editor, tmp_path: Path) -> None:
    uri = pushed.open(tmp_path / "Chrystoki.conf", TEXT)
    pushed.pushed(uri)
    for number in range(20):
        pushed.replace(uri, f"CardReader = {{\n  RemoteCommand = {number};\n}}\n")
    assert "CK210" in codes(pushed.pushed(uri))
    assert pushed.last_version == pushed.versions[uri] == 21


def test_an_editor_that_asks_is_not_sent_anything(tmp_path: Path) -> None:
    with editor(tmp_path, PULLING) as asking:
        uri = asking.open(tmp_path / "Chrystoki.conf", TEXT)
        assert {"CK103", "CK124"} <= set(codes(asking.pulled(uri)))
        asking.replace(uri, "CardReader = {\n  RemoteCommand = 1;\n}\n")
        assert "CK124" not in codes(asking.pulled(uri))
        asking.settle(0.5)
        assert asking.client.diagnostics == {}


@pytest.mark.parametrize("units", list(UNITS))
def test_columns_are_in_the_units_that_were_agreed_on(tmp_path: Path, units: str) -> None:
    with editor(tmp_path, PULLING, units=[units]) as each:
        assert each.server.position_encoding == units
        uri = each.open(tmp_path / "Chrystoki.conf", "Misc = {\n  ToolsDir = \U0001f511 ;\n}\n")
        (space,) = [found for found in each.pulled(uri) if found.code == "CK103"]
        assert space.range.start == types.Position(1, 13 + UNITS[units])
        place = types.Position(1, 13)
        behind = types.Position(1, 13 + UNITS[units])
        each.change(uri, [types.TextDocumentContentChangePartial(range=types.Range(place, behind), text="/usr")])
        each.change(
            uri,
            [types.TextDocumentContentChangePartial(types.Range(types.Position(1, 17), types.Position(1, 18)), "")],
        )
        assert "CK103" not in codes(each.pulled(uri))


def test_the_editor_chooses_the_units_and_utf16_is_what_it_is_without_a_word(tmp_path: Path) -> None:
    with editor(tmp_path, PUSHED, units=["utf-32", "utf-8"]) as each:
        assert each.server.position_encoding == "utf-32"
    with editor(tmp_path, PUSHED) as each:
        assert each.server.position_encoding == "utf-16"


def test_safe_fixes_make_what_the_command_makes(pushed: Editor, tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    path.write_text(TEXT)
    uri = pushed.open(path)
    (fix,) = pushed.actions(uri, only=["source.fixAll.confkit"])
    edited = applied(TEXT, text_edits(fix.edit, uri))
    subprocess.run([sys.executable, "-m", "confkit", "lint", "--fix", str(path)], check=False, capture_output=True)
    assert path.read_text() == edited != TEXT
    unsafe = [each for each in pushed.actions(uri, only=["quickfix"]) if "unsafe" in each.title]
    assert [each.title for each in unsafe] == [
        "Remove the later entry (CK124), unsafe: may change what the client does"
    ]
    assert not unsafe[0].is_preferred


def test_the_server_goes_on_answering_while_it_works_out_fixes(pushed: Editor, tmp_path: Path) -> None:
    lines = "".join(f"\tName{number} = 1;\n\n" for number in range(900))
    uri = pushed.open(tmp_path / "Chrystoki.conf", f"Misc = {{\n{lines}}}\n")
    pushed.pushed(uri)
    identifier = types.TextDocumentIdentifier(uri)
    everywhere = types.Range(types.Position(0, 0), types.Position(100_000, 0))
    asked = types.CodeActionParams(identifier, everywhere, types.CodeActionContext([]))
    answered = []

    async def ask() -> None:
        fixes = asyncio.ensure_future(pushed.client.text_document_code_action_async(asked))
        fixes.add_done_callback(lambda _: answered.append("fixes"))
        await pushed.client.text_document_folding_range_async(types.FoldingRangeParams(identifier))
        answered.append("folding")
        await fixes

    pushed.run(ask())
    assert answered == ["folding", "fixes"]


@pytest.mark.parametrize("checks", [True, False, None])
def test_edits_are_of_a_version_where_the_editor_checks_it(tmp_path: Path, checks: bool | None) -> None:
    can = capabilities(PULLING)
    assert can.workspace
    can.workspace.workspace_edit = None if checks is None else types.WorkspaceEditClientCapabilities(checks)
    with editor(tmp_path, can) as each:
        uri = each.open(tmp_path / "Chrystoki.conf", "")
        text = "VirtualToken = {\n  VirtualToken00Label = a ;\n}\nHASynchronize = {\n  a = 1 ;\n}\n"
        each.replace(uri, text)
        renamed = each.at("rename", uri, 4, 2, new_name="b")
        assert applied(text, text_edits(renamed, uri)).count("b ") == 2
        edits = [renamed, *filter(None, (getattr(action, "edit", None) for action in each.actions(uri)))]
        assert len(edits) > 2
        for edit in edits:
            named = [change.text_document.version for change in edit.document_changes or ()]
            assert named == ([2] if checks else [])


def test_the_page_of_a_rule_is_opened_in_a_browser(tmp_path: Path) -> None:
    can = capabilities(PULLING)
    assert can.window
    can.window.show_document = types.ShowDocumentClientCapabilities(support=True)
    with editor(tmp_path, can) as each:
        uri = each.open(tmp_path / "Chrystoki.conf", TEXT)
        titles = [action.title for action in each.actions(uri)]
        assert "Open the documentation of CK124 duplicate-entry" in titles
        address = "https://example.test/CK124"
        each.run(
            each.client.workspace_execute_command_async(
                types.ExecuteCommandParams("confkit.openDocumentation", arguments=[address])
            )
        )
        each.settle()
        assert [(shown.uri, shown.external) for shown in each.client.shown_documents] == [(address, True)]


def test_hover_completion_outline_folding_links(pushed: Editor, tmp_path: Path) -> None:
    here = tmp_path / "CA.pem"
    here.write_text("")
    text = f"LunaSA Client = {{\n  ReceiveTimeout = 20000;\n  ServerCAFile = {here};\n  \n}}\n"
    uri = pushed.open(tmp_path / "Chrystoki.conf", text)
    assert "**LunaSA Client / ReceiveTimeout**" in pushed.at("hover", uri, 1, 4).contents.value
    offered = {each.label: each for each in pushed.at("completion", uri, 3, 2)}
    assert {"NetClient", "ServerName00"} <= set(offered)
    assert offered["NetClient"].documentation.value.startswith("**LunaSA Client / NetClient**")
    (section,) = pushed.about("document_symbol", uri)
    assert [each.name for each in section.children] == ["ReceiveTimeout", "ServerCAFile"]
    assert [(each.start_line, each.end_line) for each in pushed.about("folding_range", uri)] == [(0, 3)]
    assert [each.target for each in pushed.about("document_link", uri)] == [here.as_uri()]


def test_an_ha_group_is_renamed_and_found(pushed: Editor) -> None:
    path = REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf"
    text = path.read_text()
    uri = pushed.open(path)
    symbols = pushed.about("document_symbol", uri)
    synchronize = next(each for each in symbols if each.name == "HASynchronize").children[0]
    label, place = synchronize.name, synchronize.selection_range.start
    assert pushed.at("prepare_rename", uri, place.line, place.character) == synchronize.selection_range
    renamed = applied(text, text_edits(pushed.at("rename", uri, place.line, place.character, new_name="cards"), uri))
    assert label not in [word.strip(" ;") for line in renamed.splitlines() for word in line.split("=")]
    assert renamed.count("cards") >= 2
    definition = pushed.at("definition", uri, place.line, place.character)
    assert "Label" in text.splitlines()[definition.range.start.line]
    with pytest.raises(JsonRpcException, match="cannot be a label"):
        pushed.at("rename", uri, place.line, place.character, new_name="a;b")


def test_manifests_compose_files_and_dockerfiles_are_read_only(pushed: Editor) -> None:
    directory = REPOSITORY / "samples" / "kubernetes"
    uri = pushed.open(directory / "broken.yaml", language="yaml")
    assert pushed.pushed(uri)
    assert not any(getattr(each, "edit", None) for each in pushed.actions(uri))
    for request in ("document_symbol", "folding_range", "document_link"):
        assert not pushed.about(request, uri)
    other = pushed.open(directory.parent / "x" / "Dockerfile", "ENV A=1\n", "dockerfile")
    assert pushed.pushed(other) == []
    pushed.replace(other, "ENV ChrystokiConfigurationPath=/etc/Chrystoki.conf\n")
    assert codes(pushed.pushed(other)) == ["CK701"]


def test_two_files_of_a_workspace_with_different_settings(pushed: Editor, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "confkit.toml").write_text('ignore = ["CK103"]\n')
    (tmp_path / "two" / "confkit.toml").write_text('select = ["CK103"]\n')
    first = pushed.open(tmp_path / "one" / "Chrystoki.conf", TEXT)
    found = codes(pushed.pushed(first))
    second = pushed.open(tmp_path / "two" / "Chrystoki.conf", TEXT)
    assert "CK103" not in found
    assert "CK124" in found
    assert codes(pushed.pushed(second)) == ["CK103"]


def test_settings_are_watched(tmp_path: Path) -> None:
    can = capabilities(PUSHED)
    assert can.workspace
    can.workspace.did_change_watched_files = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    with editor(tmp_path, can) as each:
        asked: list[types.Registration] = []

        def register(params: types.RegistrationParams) -> None:
            asked.extend(params.registrations)

        each.client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)
        uri = each.open(tmp_path / "Chrystoki.conf", TEXT)
        assert "CK103" in codes(each.pushed(uri))
        assert [registered.method for registered in asked] == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        settings = tmp_path / "confkit.toml"
        settings.write_text('ignore = ["CK103"]\n')
        event = types.FileEvent(settings.as_uri(), types.FileChangeType.Created)
        each.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        assert "CK103" not in codes(each.pushed(uri))


def test_an_editor_that_asks_is_told_to_ask_again(tmp_path: Path) -> None:
    can = capabilities(PULLING)
    assert can.workspace
    can.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    with editor(tmp_path, can) as each:
        uri = each.open(tmp_path / "Chrystoki.conf", TEXT)
        assert "CK103" in codes(each.pulled(uri))
        (tmp_path / "confkit.toml").write_text('ignore = ["CK103"]\n')
        each.save(uri)
        each.settle(0.5)
        assert each.client.diagnostic_refresh_count == 1
        assert "CK103" not in codes(each.pulled(uri))


def test_a_file_that_is_not_utf8_survives(pushed: Editor, tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    source = b"CardReader = {\n  # K\xfchlung\n  RemoteCommand = 1;\n  RemoteCommand = 0;\n}\n"
    path.write_bytes(source)
    uri = pushed.open(path, source.decode("latin-1"))
    assert "CK152" in codes(pushed.pushed(uri))
    (fix,) = (each for each in pushed.actions(uri) if "(CK124)" in each.title)
    after = applied(source.decode("latin-1"), text_edits(fix.edit, uri)).encode("latin-1")
    assert after == source.replace(b"  RemoteCommand = 0;\n", b"")


def test_a_text_with_half_a_character_does_not_end_the_server(pushed: Editor, tmp_path: Path) -> None:
    uri = pushed.open(tmp_path / "Chrystoki.conf", "Misc = {\n  A = b;\n}\n")
    pushed.pushed(uri)
    pushed.replace(uri, "Misc = {\n  ToolsDir = \ud83d;\n}\n")
    assert "CK152" in codes(pushed.pushed(uri))


def test_the_log_says_what_happened_and_quotes_nothing(tmp_path: Path) -> None:
    log = tmp_path / "lsp.log"
    secret = "hunter2hunter2"
    with editor(tmp_path, PUSHED, "--log-file", str(log)) as each:
        uri = each.open(tmp_path / "Chrystoki.conf", f"REST = {{\n  AuthTokenClientSecret = {secret};\n}}\n")
        each.pushed(uri)
        each.replace(uri, "VirtualToken = {\n  VirtualToken00Label = a;\n}\n")
        with pytest.raises(JsonRpcException, match=secret):
            each.at("rename", uri, 1, 24, new_name=f"{secret};")
    said = log.read_text()
    assert "Chrystoki.conf" in said
    assert "findings in" in said
    assert "JsonRpcInvalidParams" in said
    assert secret not in said


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "confkit", "lsp", "--log-file", str(tmp_path / "no" / "log")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "the log cannot be written" in done.stderr


@pytest.mark.parametrize("said", [b"", b'Content-Length: 33\r\n\r\n{"jsonrpc":"2.0","method":"exit"}', b"nonsense\n"])
def test_the_server_ends_with_its_editor(tmp_path: Path, said: bytes) -> None:
    command = [sys.executable, "-m", "confkit", "lsp"]
    done = subprocess.run(command, input=said, capture_output=True, check=False, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
