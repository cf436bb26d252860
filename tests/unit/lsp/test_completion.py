"""What is offered at a place; each offer, once inserted, is what the linter has nothing against."""

from __future__ import annotations

import pytest
from lsprotocol import types

from confkit.core.catalogue import entry_facts
from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from confkit.lsp.completion import completion
from testing.open_files import applied, open_file

HA = """VirtualToken = {
  VirtualToken00Label = payments;
  VirtualToken00SN = 11234567890123;
  VirtualToken00Members = 1234567890123,1234567890124;
}
"""


def offered(text: str, name: str = "Chrystoki.conf", *, snippets: bool = False) -> dict[str, types.CompletionItem]:
    """Return what is offered at the `|` of a text, by label."""
    before, _, behind = text.partition("|")
    position = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
    items = completion(open_file(before + behind, name), position, snippets=snippets)
    return {each.label: each for each in items}


def taken(text: str, label: str, name: str = "Chrystoki.conf", *, snippets: bool = False) -> str:
    """Return a text once one offer is taken."""
    edit = offered(text, name, snippets=snippets)[label].text_edit
    assert isinstance(edit, types.TextEdit)
    return applied(text.replace("|", ""), [edit])


def test_sections_outside_of_any() -> None:
    found = offered("Chrystoki2 = {\n}\n|")
    assert "LunaSA Client" in found
    assert "Chrystoki2" not in found
    assert taken("Mi|", "Misc") == "Misc = {\n  \n}"


def test_sections_of_the_windows_form() -> None:
    assert taken("[Chrystoki2]\n[Mi|", "Misc", "crystoki.ini") == "[Chrystoki2]\n[Misc]\n"
    assert taken("[Chrystoki2]\n[Mi|]\n", "Misc", "crystoki.ini") == "[Chrystoki2]\n[Misc]\n"


def test_entries_of_the_section_with_default_and_page() -> None:
    found = offered("LunaSA Client = {\n  Rec|\n}\n")
    facts = entry_facts("LunaSA Client", "ReceiveTimeout")
    assert facts is not None
    item = found["ReceiveTimeout"]
    assert item.detail == f"integer, ms, default {facts.default}"
    assert isinstance(item.documentation, types.MarkupContent)
    assert facts.meaning in item.documentation.value
    assert "ToolsDir" not in found
    assert taken("LunaSA Client = {\n  Rec|\n}\n", "ReceiveTimeout") == (
        f"LunaSA Client = {{\n  ReceiveTimeout = {facts.default};\n}}\n"
    )


def test_only_the_name_where_the_rest_is_there() -> None:
    text = "LunaSA Client = {\n  Rec| = 7000;\n}\n"
    assert taken(text, "ReceiveTimeout") == "LunaSA Client = {\n  ReceiveTimeout = 7000;\n}\n"


def test_an_entry_that_is_there_is_not_offered_again() -> None:
    found = offered("LunaSA Client = {\n  ReceiveTimeout = 1;\n  |\n}\n")
    assert "ReceiveTimeout" not in found
    assert "NetClient" in found


def test_entries_of_the_other_platform_are_not_offered() -> None:
    assert "LibNT" not in offered("Chrystoki2 = {\n  |\n}\n")
    assert "LibUNIX64" not in offered("[Chrystoki2]\nLib|\n", "crystoki.ini")


def test_a_numbered_entry_has_the_next_number() -> None:
    found = offered("LunaSA Client = {\n  ServerName00 = a;\n  ServerPort00 = 1792;\n  |\n}\n")
    assert "ServerName01" in found
    assert "ServerName00" not in found


def test_an_entry_with_a_label_is_offered_for_each_group() -> None:
    assert "payments" in offered(HA + "HASynchronize = {\n  |\n}\n")
    assert "paymentsStandbyMembers" in offered(HA + "HAConfiguration = {\n  |\n}\n")


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("NetClient = |", {"0", "1"}),
        ("NetClient = |;", {"0", "1"}),
        ("ReceiveTimeout = 2|", {"20000"}),
    ],
)
def test_values(line: str, values: set[str]) -> None:
    assert values <= set(offered(f"LunaSA Client = {{\n  {line}\n}}\n"))


def test_bounds_and_default_of_a_number() -> None:
    found = offered("HAConfiguration = {\n  statusTimeout = |\n}\n")
    assert {"3", "60"} <= set(found)
    assert (
        taken("HAConfiguration = {\n  statusTimeout = |\n}\n", "60")
        == "HAConfiguration = {\n  statusTimeout = 60;\n}\n"
    )
    assert (
        taken("HAConfiguration = {\n  statusTimeout = |;\n}\n", "60")
        == "HAConfiguration = {\n  statusTimeout = 60;\n}\n"
    )


@pytest.mark.parametrize("text", ["# |", "// |", "Misc = {\n  # Tool|\n}\n"])
def test_nothing_in_a_comment(text: str) -> None:
    assert offered(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Misc = {|\n}\n",
        "Misc = |\n",
        "Misc = {\n  ToolsDir = /usr; |\n}\n",
        "LunaSA Client = {\n  NetClient = 1;|\n}\n",
    ],
)
def test_nothing_behind_the_end_of_an_entry_or_a_name(text: str) -> None:
    assert offered(text) == {}


def test_nothing_for_a_secret_and_for_what_nobody_knows() -> None:
    assert offered("REST = {\n  AuthTokenClientSecret = |\n}\n") == {}
    assert offered("Nobody = {\n  Knows = |\n}\n") == {}


def test_a_server_with_the_next_number() -> None:
    text = "LunaSA Client = {\n  ServerName00 = a;\n  ServerPort00 = 1792;\n  |\n}\n"
    snippet = offered(text, snippets=True)["server 01"]
    assert snippet.insert_text_format is types.InsertTextFormat.Snippet
    assert taken(text, "server 01", snippets=True).count("${1:host}") == 1
    document = parse(taken(text, "server 01").encode())
    assert document.get("LunaSA Client", "ServerName01") == "host"
    assert document.get("LunaSA Client", "ServerPort01") == "1792"


@pytest.mark.parametrize("name", ["Chrystoki.conf", "crystoki.ini"])
def test_a_group_in_all_its_sections(name: str) -> None:
    text = taken("|", "HA group", name)
    found = lint(parse(text.encode(), name), name, RULES)
    assert [each for each in found if each.code.startswith(("CK1", "CK2", "CK3")) and each.code != "CK156"] == []
    document = parse(text.encode(), name)
    assert document.get("HASynchronize", "label") == "1"


def test_a_second_group_where_groups_are_listed() -> None:
    text = HA.replace("}", "  |\n}")
    document = parse(taken(text, "HA group 01").encode())
    assert document.get("VirtualToken", "VirtualToken01Label") == "label"
    assert "HA group" not in offered(f"{HA}|")


def test_no_number_where_the_numbers_have_a_gap() -> None:
    assert "server 01" not in offered("LunaSA Client = {\n  ServerName01 = a;\n  |\n}\n")


def test_a_snippet_escapes_what_it_means_literally() -> None:
    item = offered("[Mi|", "crystoki.ini", snippets=True)["Misc"]
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.text_edit.new_text == "[Misc]\n$0"
    unix = offered("Mi|", snippets=True)["Misc"].text_edit
    assert isinstance(unix, types.TextEdit)
    assert unix.new_text == "Misc = {\n  $0\n\\}"


def test_an_unclosed_section_at_the_end_of_the_file() -> None:
    assert "ToolsDir" in offered("Misc = {\n|")
