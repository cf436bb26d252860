"""The short ways through plain lines read what the long ways read, and a line of odd blanks raises nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.core.syntax import Problem, braces, crystoki_ini, parse
from testing.configuration_files import any_bytes, sound_files

PARTS = st.sampled_from([" ", "  ", "a", "Key.1-x", "=", ";", "v", "é", "b c", "#", "{", '"', "\t", "\v", "\n", "\r"])


@given(st.lists(PARTS, max_size=12).map("".join))
@example(" a = b c \r\n")
@example("a=;")
def test_a_plain_entry_of_the_windows_form_is_the_entry_that_the_long_way_finds(line: str) -> None:
    lines = [b"[A]\n", *line.encode().splitlines(keepends=True)]
    for number in range(2, len(lines) + 1):
        if crystoki_ini._PLAIN.line.match(lines[number - 1]):
            problems: list[Problem] = []
            short = crystoki_ini._entries(lines, range(number, number + 1), "A", problems, None)
            assert short == (crystoki_ini._odd_entry(lines[number - 1], number, "A", problems),)
            assert problems == []


@given(st.one_of(any_bytes, sound_files(windows=False)))
@example(b"A = {\n}\nB C={\n};\n} D = {\n}\n")
def test_plain_braces_are_the_blocks_that_the_long_way_finds(source: bytes) -> None:
    lines = source.splitlines(keepends=True)
    scan = braces._Scan(lines, set(), set())
    for number, line in enumerate(lines, 1):
        if (b"{" in line or b"}" in line) and not braces.is_comment(line):
            scan.line(number, line)
    assert braces.find_braces(lines, set()) == braces.Braces(scan.blocks(), scan.taken, scan.problems)


@pytest.mark.parametrize("blank", ["\v", "\f", "\r", "\x1c", "\x85"])
def test_a_comment_of_blanks_before_an_equals_sign_raises_nothing(blank: str) -> None:
    source = f"A = {{\n# {blank} = 1;\n}}\n".encode()
    assert parse(source).to_bytes() == source


@pytest.mark.parametrize(("header", "end", "name"), [("A = {\n", ";", "Chrystoki.conf"), ("[A]\n", "", "crystoki.ini")])
def test_a_large_file_is_read_like_a_small_one_and_keeps_equal_texts_once(header: str, end: str, name: str) -> None:
    lines = [f"Key{number % 7} = value{number % 5}{end}\n" for number in range(100_000)]
    source = (header + "".join(lines) + "}\n" * bool(end)).encode()
    assert len(source) > 1 << 20
    (section,) = parse(source, name).sections
    assert [f"{entry.name} = {entry.value}{end}\n" for entry in section.entries] == lines
    assert len({id(entry.value) for entry in section.entries}) == 5
