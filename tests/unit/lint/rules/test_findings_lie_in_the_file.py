"""No bytes break a rule, and every finding lies in the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from confkit.core.severity import SEVERITIES
from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES, entries, ha
from testing.configuration_files import any_bytes
from testing.lint_files import unix_files, windows_files
from testing.linting import section


@given(st.one_of(any_bytes, unix_files(), windows_files()), st.sampled_from(["Chrystoki.conf", "crystoki.ini", ""]))
def test_no_bytes_break_a_rule_and_every_finding_lies_in_the_file(source: bytes, name: str) -> None:
    document = parse(source, name)
    for each in lint(document, name, RULES):
        assert 1 <= each.line <= each.end_line <= max(1, len(document.lines))
        line = document.lines[each.line - 1] if document.lines else b""
        assert 1 <= each.column <= len(line.decode("utf-8", "surrogateescape")) + 1
        assert (each.line, each.column) <= (each.end_line, each.end_column)
        assert "\n" not in each.message


@given(st.binary(max_size=300), st.sampled_from(["Chrystoki.conf", "crystoki.ini"]))
def test_any_bytes_lint_and_every_place_lies_in_the_file(source: bytes, name: str) -> None:
    document = parse(source, name)
    for each in lint(document, name, entries.RULES):
        assert 1 <= each.line <= len(document.lines)
        assert 1 <= each.column <= each.end_column <= len(document.lines[each.line - 1]) + 1
        assert each.severity in SEVERITIES


parts = st.sampled_from(
    [
        *(f"VirtualToken{number}{part}" for number in ("00", "01", "02") for part in ("Label", "SN", "Members")),
        *("HAOnly", "reconnAtt", "statusTimeout", "AutoReconnectInterval", "haLogStatus", "haLogPath", "logLen"),
        *("aStandbyMembers", "a", "b", "ReceiveTimeout", "ProbeTimeout", "ServerName00", "ServerName01"),
    ]
)


homes = st.sampled_from(["VirtualToken", "HASynchronize", "HAConfiguration", "LunaSA Client"])


values = st.one_of(st.integers(-9, 10**6).map(str), st.text("ab1,; {}\"'é", max_size=6))


@given(st.lists(st.tuples(homes, st.lists(st.tuples(parts, values), max_size=6)), max_size=5))
def test_any_groups_lint_and_every_place_lies_in_the_file(file: list[tuple[str, list[tuple[str, str]]]]) -> None:
    text = "".join(section(home, *(f"{name} = {value}" for name, value in entries)) for home, entries in file)
    for name in ("Chrystoki.conf", "crystoki.ini"):
        document = parse(text.encode(), name)
        for each in lint(document, name, ha.RULES):
            assert 1 <= each.line <= len(document.lines)
            assert 1 <= each.column <= each.end_column <= len(document.lines[each.line - 1].decode()) + 1


@given(st.binary(max_size=300))
def test_any_bytes_lint_for_groups(source: bytes) -> None:
    lint(parse(source), "", ha.RULES)
