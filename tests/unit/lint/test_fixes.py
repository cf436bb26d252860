"""Fixes: what they write, and that a safe one takes no entry from any reader that sees it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.config.third_party_readers import read_all
from confkit.core.syntax import Document, Edit, parse
from confkit.lint.context.lint_context import LintContext
from confkit.lint.diagnostics import Finding, Fix
from confkit.lint.fixes import fixed
from confkit.lint.linter import lint
from confkit.lint.results import Fixed
from confkit.lint.rule import Rule
from confkit.lint.rules import RULES, layout
from confkit.lint.source import Source
from testing.configuration_files import any_bytes
from testing.fix_cases import NOT_SAFE, SAFE, UNSAFE
from testing.lint_files import unix_files, windows_files

NAMES = st.sampled_from(["Chrystoki.conf", "crystoki.ini", ""])
FILES = st.one_of(unix_files(), windows_files(), any_bytes)


@pytest.mark.parametrize(("source", "expected", "codes"), SAFE)
def test_what_the_safe_fixes_write(source: str, expected: str, codes: list[str]) -> None:
    result, applied = fixed(source.encode(), "Chrystoki.conf", layout.RULES, unsafe=False)
    assert result.decode() == expected
    assert sorted(diagnostic.code for diagnostic in applied) == codes


@pytest.mark.parametrize(("source", "expected"), UNSAFE)
def test_what_the_unsafe_fixes_write(source: str, expected: str) -> None:
    result, applied = fixed(source.encode(), "", layout.RULES, unsafe=True)
    assert result.decode() == expected
    assert bool(applied) is (result != source.encode())


@pytest.mark.parametrize(("source", "code", "why"), NOT_SAFE)
def test_a_fix_that_could_mislead_a_reader_is_not_safe(source: str, code: str, why: str) -> None:
    found = [each for each in lint(parse(source.encode()), "", layout.RULES) if each.code == code]
    assert found
    assert not any(each.fix and each.fix.safe for each in found), why


def readings(document: Document) -> dict[tuple[str, str], list[str | None]]:
    """What each reader sees of each entry; one that gives up sees nothing, one that finds none has the empty value."""
    source = document.to_bytes()
    names = {(section.name, entry.name) for section in document.sections for entry in section.entries if section.name}
    return {
        name: [None if each.error else each.value or "" for each in read_all(source, *name, windows=document.windows)]
        for name in names
    }


def entries(document: Document) -> list[tuple[str, str, str]]:
    return [(section.name, entry.name, entry.value) for section in document.sections for entry in section.entries]


@given(FILES, NAMES)
@example(b"A = {\n # x = 1;\n # x = 1;\n x = 1\n}\n", "")
@example(b"Luna = {\n ax = 1\n x = 1;\n}\n", "")
@example(b"\xef\xbb\xbfLuna =\n{\n x = 1;\n}\n", "")
@example(b"x\t=\t\nA = {\n x\t=\t\n}\n", "")
def test_safe_fixes_take_no_entry_from_a_reader_that_sees_it(source: bytes, name: str) -> None:
    before = parse(source, name)
    result, applied = fixed(source, name, RULES, unsafe=False)
    after = parse(result, name)
    assert entries(after) == entries(before)
    if not applied:
        assert result == source
        return
    right = readings(after)
    for (section, key), seen in readings(before).items():
        value = before.get(section, key)
        for reader, (old, new) in enumerate(zip(seen, right[section, key], strict=True)):
            assert old != value or new == value, (section, key, reader)


@pytest.mark.parametrize("unsafe", [False, True])
@given(source=FILES, name=NAMES)
def test_fixing_twice_is_fixing_once_and_leaves_nothing_to_fix(unsafe: bool, source: bytes, name: str) -> None:
    once, _ = fixed(source, name, RULES, unsafe=unsafe)
    assert fixed(once, name, RULES, unsafe=unsafe) == (once, [])


@given(FILES, NAMES)
def test_the_edits_of_a_fix_lie_in_the_file_and_apart(source: bytes, name: str) -> None:
    document = parse(source, name)
    for diagnostic in lint(document, name, RULES):
        edits = sorted(diagnostic.fix.edits) if diagnostic.fix else []
        for edit in edits:
            width = len(document.lines[edit.line - 1]) if edit.line <= len(document.lines) else 0
            assert 0 <= edit.start <= edit.end <= width
        for one, other in pairwise(edits):
            assert one.line < other.line or one.end <= other.start


def rule(code: str, *edits: Edit) -> Rule:
    finding = Finding("m", 1, 0, 0, fix=Fix("d", safe=True, edits=edits))
    return Rule(code, code.lower(), "info", lambda context: iter([finding] if context.source == b"aab" else []))


@pytest.mark.parametrize(
    ("first", "second", "expected", "codes"),
    [
        (Edit(1, 0, 1, b"x"), Edit(1, 1, 2, b"y"), b"xyb", ["CK1", "CK2"]),
        (Edit(1, 0, 2, b"x"), Edit(1, 1, 3, b"y"), b"xb", ["CK1"]),
        (Edit(1, 1, 3, b"y"), Edit(1, 0, 2, b"x"), b"ay", ["CK1"]),
        (Edit(1, 0, 0, b"x"), Edit(1, 0, 0, b"y"), b"xaab", ["CK1"]),
        (Edit(1, 0, 0, b"# x\n"), Edit(1, 0, 0, b"# y\n"), b"# x\n# y\naab", ["CK1", "CK2"]),
        (Edit(1, 0, 0, b"# x\n"), Edit(1, 0, 0, b"A = {\n"), b"# x\nA = {\naab", ["CK1", "CK2"]),
        (Edit(1, 0, 0, b"A = {\n"), Edit(1, 0, 0, b"# x\n"), b"A = {\naab", ["CK1"]),
    ],
)
def test_of_two_fixes_in_one_place_the_first_is_applied(
    first: Edit, second: Edit, expected: bytes, codes: list[str]
) -> None:
    result, applied = fixed(b"aab", "", [rule("CK1", first), rule("CK2", second)], unsafe=False)
    assert ([diagnostic.code for diagnostic in applied], result) == (codes, expected)


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    def swap(context: LintContext) -> Iterator[Finding]:
        other = b"b" if context.document.lines[0] == b"a" else b"a"
        yield Finding("m", 1, 0, 1, fix=Fix("d", safe=True, edits=(Edit(1, 0, 1, other),)))

    result, applied = fixed(b"a", "", [Rule("CK1", "swap", "info", swap)], unsafe=False)
    assert result in {b"a", b"b"}
    assert len(applied) < 100


def test_what_was_a_secret_before_the_fix_is_quoted_by_no_report_after_it() -> None:
    before, after = b"REST = {\n AuthTokenClientSecret = S3cr3tJJJ;\n}\n", b"# S3cr3tJJJ\n"
    assert "S3cr3tJJJ" in Source(parse(after)).quoted(1)
    assert "S3cr3tJJJ" not in Source(parse(after), Fixed(before, after, ("CK101",))).quoted(1)
