"""The filter that spares other readers most entries: what it calls plain, all of them read alike."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.config.third_party_readers import read_all
from confkit.core.syntax import Document, parse
from confkit.lint.context import lookalikes
from confkit.lint.context.lint_context import LintContext
from confkit.lint.context.lookalikes import orderly, plain_names, readers_cope
from confkit.lint.rules import readers
from testing.configuration_files import any_bytes, sound_files
from testing.lint_files import unix_files

UNIX_FILES = st.one_of(unix_files(), any_bytes, sound_files(windows=False))


def value_of(document: Document, section: str, key: str) -> str:
    return document.get(section, key) or ""


@given(UNIX_FILES)
@example(b"A = {\n x==;\n}\n")
@example(b"A = {\n # x = 1;\n}\n")
@example(b"A = {\n a = x;\n x\n = 1;\n x = 2;\n}\n")
@example(b"A = { # x = 1;\n x = 2;\n}\n")
def test_all_readers_read_plain_entries_alike(source: bytes) -> None:
    document = parse(source, "Chrystoki.conf")
    for section in document.sections:
        lines = b"".join(document.lines[section.line - 1 : section.end_line])
        if document.windows or not readers_cope(lines) or not orderly(document, section):
            continue
        for name in plain_names(document, section):
            (entry,) = [entry for entry in section.entries if entry.name == name]
            for reading in read_all(lines, section.name, name, windows=False):
                assert (reading.value or "") == entry.value, (name, reading)


@given(UNIX_FILES)
def test_an_entry_that_is_passed_over_in_a_whole_file_is_read_alike(source: bytes) -> None:
    document = parse(source, "Chrystoki.conf")
    for section in document.sections:
        for name in readers._plain_names(LintContext(document), section):
            for reading in read_all(source, section.name, name, windows=False):
                assert (reading.value or "") == value_of(document, section.name, name), (name, reading)


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (" x = 1;\n y = 2;\n", {"x", "y"}),
        (" x = 1;\n ax = 2;\n", {"ax"}),
        (" x-a = 1;\n x = 2;\n a = 3;\n", {"x-a"}),
        (" # x = 1;\n x = 2;\n", set()),
        (" # the default of x is 3\n x = 2;\n", {"x"}),
        (" x = 1 ;\n y = 'a';\n z = a; # b\n w = 1\n v = a b;\n", {"v"}),
        (" x = a = b;\n a = 1;\n", {"x"}),
        (" x\n = 1;\n y = 1;\n", set()),
        (f" {'x' * 65} = 1;\n y = 1;\n", {"y"}),
    ],
)
def test_what_is_plain(body: str, plain: set[str]) -> None:
    document = parse(f"A = {{\n{body}}}\n".encode())
    assert orderly(document, document.sections[0])
    assert plain_names(document, document.sections[0]) == plain


@pytest.mark.parametrize(
    "source",
    [
        "A = {\n x = 1;\n",
        "A\n= {\n}\n",
        "A {\n}\n",
        "A = { x = 1; }\n",
        "A = {\n x = 1; }\n",
        "A = {\n # }\n}\n",
        "A = {\n x = {1};\n}\n",
        "A = { # {\n}\n",
        "A = {\n} # }\n",
        "}A = {\n}\n",
        "A = {\n x = " + "a" * 1001 + ";\n}\n",
    ],
)
def test_what_is_not_orderly(source: str) -> None:
    document = parse(source.encode())
    assert not all(orderly(document, section) for section in document.sections)


def test_what_a_line_can_be_taken_for() -> None:
    document = parse(b"A = {\n x = 1;\n b-x = 2;\n y = 3;\n}\nB = {\n x = 4;\n}\n")
    entries = lookalikes.entries_by_name(document)
    taken = lookalikes.spoken_for(b"# b-x = 5; y", entries)
    assert [[entry.value for entry in found] for found in taken] == [["2"], ["1", "4"]]
