"""What rules ask of a document: each answer is that of a search through the whole file."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.core.catalogue import entry_facts, known_section, section_names
from confkit.core.catalogue.loader import names_ignoring_case
from confkit.core.ha import members
from confkit.core.syntax import Document, parse
from confkit.lint.context.entry_index import _LONGEST_KEPT, _judged_once
from confkit.lint.context.lint_context import LintContext
from confkit.lint.context.lookalikes import _name_ends, _plain_names, orderly, plain_names, readers_cope
from confkit.lint.linter import lint
from confkit.lint.rules import RULES
from testing.lint_files import unix_files, windows_files

FILES = st.one_of(unix_files(), windows_files())
NAMES = ["LibUNIX64", "libunix64", "HAOnly", "x", "X", "a-x", "ServerPort00"]
SERVERS = b"""LunaSA Client = {
  ServerPort01 = 1792;
  servername01 = b;
  ServerName01 = again;
  ServerName00 = ;
  ServerName1 = c;
  ServerName002 = d;
  ServerHtl02 = 1;
}
"""


def context(source: bytes | str) -> LintContext:
    return LintContext(parse(source.encode() if isinstance(source, str) else source, "Chrystoki.conf"))


def stands(document: Document, key: str) -> list[tuple[str, int]]:
    """Every entry of this name with its section, found the slow way."""
    return [
        (section.name.lower(), entry.line)
        for section in document.sections
        for entry in section.entries
        if entry.name.lower() == key.lower()
    ]


@given(FILES, st.sampled_from(["Chrystoki2", "chrystoki2", "LUNA", "A"]), st.sampled_from(NAMES))
def test_entries_are_those_of_the_name_in_any_letter_case(source: bytes, section: str, key: str) -> None:
    asked = context(source)
    found = stands(asked.document, key)
    assert [entry.line for entry in asked.entries(section, key)] == [
        line for name, line in found if name == section.lower()
    ]
    assert asked.stands_anywhere(key) or not found
    assert [each.line for each in asked.sections(section)] == [
        each.line for each in asked.document.sections if each.name.lower() == section.lower()
    ]


def test_names_are_indexed_that_the_catalogue_has_and_others_are_searched_for() -> None:
    assert {"libunix64", "haonly"} <= names_ignoring_case()
    assert "x" not in names_ignoring_case()
    asked = context("Luna = {\n x = 1;\n X = 2;\n haonly = 3;\n}\n")
    assert [entry.value for entry in asked.entries("luna", "x")] == ["1", "2"]
    assert [entry.value for entry in asked.entries("Luna", "HAOnly")] == ["3"]
    assert asked.stands_anywhere("X")
    assert not asked.stands_anywhere("y")


def test_an_entry_in_a_hidden_place_stands_somewhere() -> None:
    assert context("Luna = {\n a = 1; HAOnly = 1;\n}\n").stands_anywhere("haOnly")


@given(FILES)
def test_problems_are_those_of_the_parser_in_its_order(source: bytes) -> None:
    asked = context(source)
    codes = {problem.code for problem in asked.document.problems}
    for code in codes | {"tab"}:
        assert list(asked.problems(code)) == [each for each in asked.document.problems if each.code == code]
    assert asked.source == source


def test_servers_and_their_parts() -> None:
    asked = context(SERVERS)
    assert [entry.value for entry in asked.servers] == ["b", "again"]
    parts = [
        (server.number, server.name and server.name.line, server.port and server.port.line)
        for server in asked.servers_by_number
    ]
    assert parts == [("00", 5, None), ("01", 3, 2)]


def test_members_are_listed_once_and_the_same() -> None:
    asked = context("VirtualToken = {\n VirtualToken00Members = 1, 2,,3;\n}\n")
    (group,) = asked.groups
    assert group.members is not None
    assert asked.members(group.members) is asked.members(group.members)
    assert asked.members(group.members) == members(asked.document, group.members)
    assert [group.number for group, _ in asked.lists()] == ["00"]
    assert asked.serials(group) == ["1", "2", "3"]


PLACES = """luna = {
  A = 1;
}
HAConfiguration = {
  haonly = 1;
  HaOnly = 0;
  ReconnAtt = 1;
  ProbeTimeout = 5;
  probetimeout = 6;
}
"""


def test_a_place_is_free_where_nothing_stands_and_one_fix_alone_wants_it() -> None:
    asked = context(PLACES)
    assert asked.is_free("Luna")
    assert asked.is_free("HAConfiguration", "reconnAtt")
    assert not asked.is_free("HAConfiguration", "HAOnly"), "two fixes want it"
    assert not asked.is_free("HAConfiguration", "ProbeTimeout"), "it stands there"


def test_sections_that_two_fixes_want_are_not_free() -> None:
    assert not context("luna = {\n}\nLUNA = {\n}\n").is_free("Luna")
    assert not context("luna = {\n}\nLuna = {\n}\n").is_free("Luna")


def test_a_value_is_judged_once_for_all_files_and_a_long_one_is_not_kept() -> None:
    long = f"Misc = {{\n  ToolsDir = /{'x' * _LONGEST_KEPT};\n}}\n"
    for source in (long, "Misc = {\n  ToolsDir = /one;\n}\n"):
        lint(parse(source.encode(), "Chrystoki.conf"), "", RULES)
    before = _judged_once.cache_info()
    lint(parse(long.encode(), "Chrystoki.conf"), "", RULES)
    assert _judged_once.cache_info() == before
    lint(parse(b"Misc = {\n  ToolsDir = /one;\n}\n", "Chrystoki.conf"), "", RULES)
    assert _judged_once.cache_info().misses == before.misses
    assert _judged_once.cache_info().hits > before.hits


@given(unix_files())
@example(b"A = {\n x = 1;\n ax = 2;\n}\n")
@example(b"A = { # x = 3;\n x = 1;\n ax = 2;\n}\n")
@example(b"A = {\r\n x = 1;\r\n\r\n x = 2 ;\r\n}\r\n")
@example(b"A = {\n /*\n x = 1;\n */\n y = ;\n}\n")
def test_names_are_as_plain_by_one_search_as_line_by_line(source: bytes) -> None:
    document = parse(source, "Chrystoki.conf")
    for section in document.sections:
        lines = document.lines[section.line - 1 : section.end_line]
        if document.windows or not readers_cope(b"".join(lines)) or not orderly(document, section):
            continue
        ends = [end[::-1] for end in _name_ends(lines[0].partition(b"{")[2])]
        slowly = {name.decode("utf-8", "surrogateescape") for name in _plain_names(lines[1:-1], ends)}
        assert plain_names(document, section) == slowly.intersection(entry.name for entry in section.entries)


@pytest.mark.parametrize("windows", [False, True])
def test_every_entry_of_a_known_section_is_known_or_not(windows: bool) -> None:
    end = "" if windows else ";"
    heads = [f"[{name}]" if windows else f"{name} = {{" for name in section_names()]
    tail = "" if windows else "}\n"
    source = "".join(f"{head}\nx=1{end}\nHAOnly=1{end}\nEnabled=1{end}\n{tail}" for head in heads)
    asked = LintContext(parse(source.encode(), "crystoki.ini" if windows else "Chrystoki.conf"))
    index = asked.index
    assert len(index.known) + len(index.unknown) == sum(len(each.entries) for each in asked.document.sections)
    for entry, facts, _ in index.known:
        section = known_section(entry.section, windows=windows) or ""
        assert facts == entry_facts(section, entry.name, windows=windows)
    assert [each for named in index.by_name.values() for each in named if each not in index.known] == []
    assert sum(map(len, index.by_name.values())) == len(index.known)
