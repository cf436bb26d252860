from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from confkit.lint.linter import page_of
from confkit.lint.rules import RULES
from confkit.lsp.diagnostics import NOT_LINTED, TAGS, diagnostics
from confkit.lsp.linting import linted
from testing.open_files import open_file


def found(text: str, name: str = "Chrystoki.conf", **more: object) -> list[types.Diagnostic]:
    file = open_file(text, name, **more)
    return diagnostics(file, linted(file))


def test_a_finding_as_an_editor_shows_it() -> None:
    (each,) = [each for each in found("CardReader = {\n  RemoteCommand = x;\n}\n") if each.code == "CK208"]
    (rule,) = [rule for rule in RULES if rule.code == "CK208"]
    assert each.severity is types.DiagnosticSeverity.Error
    assert each.source == "confkit"
    assert each.code_description == types.CodeDescription(page_of(rule))
    assert each.range == types.Range(types.Position(1, 18), types.Position(1, 19))
    assert "RemoteCommand" in each.message


def test_the_first_of_two_is_a_related_place() -> None:
    text = "CardReader = {\n  RemoteCommand = 1;\n}\nCardReader = {\n  RemoteCommand = 0;\n}\n"
    related = {each.code: each.related_information for each in found(text) if each.related_information}
    places = {code: each[0].location.range.start for code, each in related.items() if each}
    assert places == {"CK123": types.Position(0, 0), "CK124": types.Position(1, 2)}


def test_the_first_of_two_groups_and_of_two_servers() -> None:
    text = """LunaSA Client = {
  ServerName00 = a;
  ServerName01 = a;
}
VirtualToken = {
  VirtualToken00Label = x;
  VirtualToken01Label = x;
}
"""
    related = {each.code: each.related_information for each in found(text) if each.related_information}
    assert {code: each[0].location.range.start.line for code, each in related.items() if each} == {
        "CK403": 1,
        "CK303": 5,
    }


def test_every_tag_is_of_a_rule() -> None:
    assert set(TAGS) <= {rule.name for rule in RULES}


def test_what_no_program_reads_is_marked_so() -> None:
    tags = {each.code: each.tags for each in found("ReceiveTimeout = 1;\nMisc = {\n}\n")}
    assert tags["CK122"] == [types.DiagnosticTag.Unnecessary]


def test_a_secret_is_in_no_message() -> None:
    text = "REST = {\n  AuthTokenClientSecret = hunter2hunter2 hunter2hunter2\n}\n"
    assert "hunter2" not in str(found(text))


def test_a_file_of_somebody_else_has_no_findings() -> None:
    assert found("http {\n}\n", "nginx.conf", language="conf") == []
    assert found("a: 1\n", "x.yaml", language="yaml") == []
    assert found("http {\n}\n", "nginx.conf") != []


def test_settings_that_are_wrong_are_said_at_the_beginning(tmp_path: Path) -> None:
    (tmp_path / "confkit.toml").write_text("selekt = []\n")
    (each,) = found("", path=str(tmp_path / "Chrystoki.conf"))
    assert (each.code, each.range.start) == (NOT_LINTED, types.Position(0, 0))
    assert "confkit.toml" in each.message


def test_each_directory_has_its_settings(tmp_path: Path) -> None:
    for name, code in (("one", "CK103"), ("two", "CK103")):
        (tmp_path / name).mkdir()
        if name == "one":
            (tmp_path / name / "confkit.toml").write_text(f'ignore = ["{code}"]\n')
    text = "CardReader = {\n  RemoteCommand = 1 ;\n}\n"
    codes = [
        {each.code for each in found(text, path=str(tmp_path / name / "Chrystoki.conf"))} for name in ("one", "two")
    ]
    assert ["CK103" in each for each in codes] == [False, True]


def test_workloads_compose_files_and_dockerfiles_have_findings() -> None:
    text = "ENV ChrystokiConfigurationPath=/etc/Chrystoki.conf\n"
    assert "CK701" in {each.code for each in found(text, "Dockerfile", language="dockerfile")}
    text = "services:\n  a:\n    environment:\n      ChrystokiConfigurationPath: /etc/Chrystoki.conf\n"
    assert "CK701" in {each.code for each in found(text, "compose.yaml", language="yaml")}
