"""What holds for any bytes: nothing is lost, nothing is raised, an edit changes the span it names and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.core.syntax import (
    Document,
    EditRefusedError,
    NotAllowedError,
    Problem,
    chrystoki,
    parse,
    set_entry,
    set_value,
    unset_entry,
)
from testing.configuration_files import any_bytes, odd_files, sound_files
from testing.entries import others
from testing.programs import REPOSITORY, corpus, unmet

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = sorted(path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"})
NAMES = st.sampled_from(["Chrystoki.conf", "crystoki.ini", ""])
FILES = st.one_of(any_bytes, sound_files(windows=False), sound_files(windows=True))
NAME = re.compile(r"[A-Za-z0-9 ]*[A-Za-z0-9]")
KEYS = st.sampled_from(["statusTimeout", "HAOnly", "label-1", "new"])
SECTIONS = st.sampled_from(["HAConfiguration", "LunaSA Client", "New"])
VALUES = st.sampled_from(["10", "", "a b", "/x/y"])


def meaning(document: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(section.name, [(entry.name, entry.value) for entry in section.entries]) for section in document.sections]


@given(FILES, NAMES)
@example(b"\xef\xbb\xbf[A]\r\nk=v\n\r", "crystoki.ini")
@example(b"/* a\n { \n", "Chrystoki.conf")
def test_every_byte_is_kept_and_every_position_lies_in_the_file(source: bytes, name: str) -> None:
    document = parse(source, name)
    assert document.to_bytes() == source
    for entry in (entry for section in document.sections for entry in section.entries):
        line = document.lines[entry.line - 1]
        assert 0 <= entry.start < entry.value_start <= entry.value_end <= entry.end <= len(line)
        assert line[entry.value_start : entry.value_end].decode("utf-8", "surrogateescape") == entry.value
        assert line[entry.start :].decode("utf-8", "surrogateescape").startswith(entry.name)
    for problem in document.problems:
        assert 1 <= problem.line <= max(1, len(document.lines))
        width = len(document.lines[problem.line - 1]) if document.lines else 0
        assert 0 <= problem.start <= problem.end <= width
    for section in document.sections:
        assert 1 <= section.line <= section.open_line <= section.end_line <= len(document.lines)
        written = document.lines[section.line - 1][section.start : section.end]
        assert written.decode("utf-8", "surrogateescape") == section.name


@given(FILES)
def test_sections_do_not_overlap_and_come_in_order(source: bytes) -> None:
    sections = parse(source).sections
    for one, other in pairwise(sections):
        assert one.line <= other.line
        assert one.end_line <= other.open_line


@given(FILES, SECTIONS, KEYS, VALUES)
def test_set_changes_the_named_span_alone_and_reads_back(source: bytes, section: str, key: str, value: str) -> None:
    document = parse(source)
    try:
        edits = set_value(document, section, key, value)
    except (EditRefusedError, NotAllowedError):
        return
    edited = set_entry(document, section, key, value)
    assert edited.get(section, key) == value
    before = document.entries(section, key)
    if not edits:
        assert before[0].value == value
        assert edited is document
        return
    (edit,) = edits
    result = edited.to_bytes()
    start, end = document.offset(edit.line, edit.start), document.offset(edit.line, edit.end)
    assert result == source[:start] + edit.text + source[end:]
    assert b"\t" not in edit.text
    if before:
        assert edit[:3] == (before[0].line, before[0].value_start, before[0].value_end)
    else:
        assert edit.start == edit.end
    assert others(edited, section, key) == others(document, section, key)
    assert set_value(edited, section, key, value) == []


@given(st.one_of(odd_files, sound_files(windows=False), sound_files(windows=True)), KEYS, VALUES, st.data())
def test_set_then_unset_of_a_new_entry_restores_the_bytes(
    source: bytes, key: str, value: str, data: st.DataObject
) -> None:
    document = parse(source)
    names = [found.name for found in document.sections if NAME.fullmatch(found.name)]
    section = data.draw(st.sampled_from(names)) if names else "New"
    if not names or document.entries(section, key):
        return
    try:
        edited = set_entry(document, section, key, value)
    except EditRefusedError:
        return
    assert unset_entry(edited, section, key).to_bytes() == source


@given(FILES, SECTIONS, KEYS)
def test_unset_removes_the_entry_and_no_other(source: bytes, section: str, key: str) -> None:
    document = parse(source)
    try:
        edited = unset_entry(document, section, key)
    except EditRefusedError:
        return
    assert edited.get(section, key) is None
    assert others(edited, section, key) == others(document, section, key)


@pytest.mark.parametrize("windows", [False, True])
@given(data=st.data())
def test_sound_files_have_no_problem_and_take_every_edit(windows: bool, data: st.DataObject) -> None:
    source = data.draw(sound_files(windows=windows))
    document = parse(source, "crystoki.ini" if windows else "Chrystoki.conf")
    assert [problem for problem in document.problems if problem.code != "no-final-line-end"] == []
    edited = set_entry(document, "HAConfiguration", "statusTimeout", "10")
    assert parse(edited.to_bytes(), "x.ini" if windows else "") == edited
    assert [problem.code for problem in edited.problems] == [problem.code for problem in document.problems]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_round_trip_and_take_a_timeout(path: Path) -> None:
    round_trip_and_set_timeout(path)


@pytest.mark.parametrize("path", corpus() or [None], ids=lambda path: path.name if path else "missing")
def test_real_files_round_trip_and_take_a_timeout(path: Path | None) -> None:
    if path is None:
        unmet("the corpus of real files is not beside this checkout (CONFKIT_CORPUS)")
    else:
        round_trip_and_set_timeout(path)


def round_trip_and_set_timeout(path: Path) -> None:
    source = path.read_bytes()
    document = parse(source, path.name)
    assert document.to_bytes() == source
    if "broken" in path.parts:
        return
    edited = set_entry(document, "HAConfiguration", "statusTimeout", "10")
    new, old = edited.lines, document.lines
    differing = (index for index, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    same_before = next(differing, len(old))
    added = len(new) - len(old)
    has_section = bool(document.sections_named("HAConfiguration"))
    was_set = document.get("HAConfiguration", "statusTimeout")
    if was_set is not None:
        assert added == 0
        assert new[same_before + 1 :] == old[same_before + 1 :]
    else:
        header_entry_and_brace = 2 if document.windows else 3
        assert added in ({1} if has_section else {header_entry_and_brace, header_entry_and_brace + 1})
        assert new[same_before + added :] == old[same_before:]
    assert edited.get("HAConfiguration", "statusTimeout") == "10"


PLAIN_PARTS = st.sampled_from(
    [" ", "  ", "a", "Key.1-x", "=", ";", "v", "é", "b c", "#", "{", '"', "\t", "\n", "\r\n", "\r"]
)


@given(st.lists(PLAIN_PARTS, max_size=12).map("".join))
@example(" a = b c;\r\n")
@example("a=b ;")
def test_the_short_way_through_a_plain_line_reads_what_the_long_way_reads(line: str) -> None:
    lines = [b"A = {\n", *line.encode().splitlines(keepends=True)]
    problems: list[Problem] = []
    for number in range(2, len(lines) + 1):
        short = chrystoki._entries(lines, range(number, number + 1), "A", set(), problems)
        if chrystoki._PLAIN_ENTRY.match(lines[number - 1]):
            assert problems == []
            assert short == (chrystoki._odd_entry(lines[number - 1], number, "A", problems),)
            assert problems == []
        problems.clear()
