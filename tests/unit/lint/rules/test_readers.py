"""The rules about other readers, and the filter that spares them most entries: what it calls plain all read alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.config.third_party_readers import read_all
from confkit.core.syntax import Document, parse
from confkit.lint.context import lookalikes
from confkit.lint.context.lint_context import LintContext
from confkit.lint.context.lookalikes import orderly, plain_names, readers_cope
from confkit.lint.linter import lint
from confkit.lint.rules import readers
from testing.configuration_files import any_bytes, sound_files
from testing.lint_files import unix_files
from testing.programs import corpus, unmet

UNIX_FILES = st.one_of(unix_files(), any_bytes, sound_files(windows=False))
C = "Chrystoki2 = {\n"
G = "GemEngine = {\n"
A = "A = {\n"

CASES = [
    # the file, then (code, line, column, severity, what the message says) of every finding
    (C + " LibUNIX64 = /a;\n}\n", []),
    (
        C + " # LibUNIX64 = /o;\n LibUNIX64 = /a;\n}\n",
        [("CK601", 3, 2, "warning", "luna_getprop, pkcs11_luna: line 2")],
    ),
    (
        C + " LibUNIX64 = /a; // x; y\n}\n",
        [("CK601", 2, 2, "warning", "pycryptoki: `/a; // x; y`; pkcs11_luna: `/a; // x`")],
    ),
    (C + " LibUNIX64 = /a\n}\n", [("CK601", 2, 2, "warning", "luna_getprop, pkcs11_luna: nothing")]),
    ("Chrystoki2 =\n{\n LibUNIX64 = /a;\n}\n", [("CK601", 3, 2, "warning", "luna_getprop: nothing")]),
    (
        "Chrystoki2 = {\n}\n" + C + " LibUNIX64 = /a;\n}\n",
        [("CK601", 4, 2, "warning", "luna_getprop: nothing; pycryptoki: nothing, duplicate section")],
    ),
    (
        C + " LibUNIX64 = /a;\n LibUNIX64 = /a;\n}\n",
        [("CK601", 2, 2, "warning", "pycryptoki: nothing, duplicate key")],
    ),
    (C + " LibUNIX64 = '/a';\n}\n", [("CK601", 2, 2, "warning", "pycryptoki: `/a`")]),
    (
        C + " LibUNIX64 = /" + "a" * 70 + " ;\n}\n",
        [("CK601", 2, 2, "warning", "luna_getprop, pkcs11_luna: `/" + "a" * 59 + "...`")],
    ),
    (C + " LibUNIX64 = ;\n}\n", []),
    # the Ruby gem alone is misled
    (
        C + " x = LibUNIX64 = /o; y;\n LibUNIX64 = /a;\n}\n",
        [("CK601", 3, 2, "warning", "luna_getprop, pkcs11_luna: line 2")],
    ),
    (
        "# Chrystoki2\nA = {\n LibUNIX = /o;\n}\n" + C + " LibUNIX = /a;\n}\n",
        [("CK601", 6, 2, "info", "pkcs11_luna: line 3")],
    ),
    # only what a program asks for: LibAIX by luna_getprop alone, Misc by nobody
    (C + " LibAIX = '/a';\n # Other = /o;\n}\n", []),
    (C + " # Other = /o;\n Other = /a;\n}\n", []),
    (G + " # EngineInit = 1;\n EngineInit = 2;\n}\n", [("CK601", 3, 2, "warning", "luna_getprop: line 2")]),
    (G + " # Unknown = 1;\n Unknown = 2;\n}\n", []),
    ("# GemEngine = {\n" + G + ' EngineInit = "a":0:0;\n}\n', []),
    (
        "# GemEngine = { }\n# }\n" + G + ' EngineInit = "a":0:0;\n}\n',
        [("CK601", 4, 2, "warning", "luna_getprop: nothing")],
    ),
    # the Windows form
    ("[Chrystoki2]\nLibNT=c:\\a\n[A]\n", []),
    ("[Chrystoki2]\nLibNT=c:\\a\n", [("CK601", 2, 1, "info", "pkcs11_luna: nothing")]),
    ("[Chrystoki2]\nLibNT=c:\\a\n[A]\nx=1\nx=1\n", [("CK601", 2, 1, "warning", "pycryptoki: nothing, duplicate key")]),
    # other sections: only what no finding of the layout explains, and no number of findings for a fault above
    (A + " old-x = 1;\n x = 2;\n}\n", [("CK602", 3, 2, "info", "luna_getprop and pkcs11_luna takes line 2")]),
    (A + " x = 2;\n old-x = 1;\n}\n", []),
    (A + " old-x = 1;\n x = 1;\n}\n", []),
    (A + " # x = 1;\n x = 2;\n}\n", []),
    (A + " x = 1; // 2\n y = 3 ;\n}\n", []),
    (A + " y = }1;\n ax = 1;\n x = 2;\n}\n", []),
    (A + " ax = 1;\n x = 2;\n\0\n}\n", []),
    ("LunaSA Client = {\n x = 1;\n}\nLuna = {\n x = 2;\n}\n", []),
    ("[A]\nax=1\nx=2\n", []),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_what_other_readers_see(source: str, expected: list[tuple[str, int, int, str, str]]) -> None:
    found = lint(parse(source.encode()), "", readers.RULES)
    assert [(each.code, each.line, each.column, each.severity) for each in found] == [each[:4] for each in expected]
    for each, (*_, said) in zip(found, expected, strict=True):
        assert said in each.message


def test_a_secret_on_the_line_of_a_path_is_masked() -> None:
    source = C + " LibUNIX64 = /a; AuthTokenClientSecret = hush;\n}\n"
    (found,) = lint(parse(source.encode()), "", readers.RULES[:1])
    assert "********" in found.message
    assert "hush" not in found.message


@pytest.mark.parametrize("source", [C + " # LibUNIX64 = /o;\n LibUNIX64 = /a;\n}\n", A + " ax = 1;\n x = 2;\n}\n"])
def test_no_more_is_read_than_the_limit(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lint(parse(source.encode()), "", readers.RULES)
    monkeypatch.setattr(readers, "_MOST_BYTES_READ", 10)
    assert lint(parse(source.encode()), "", readers.RULES) == []


def test_the_models_do_not_run_for_plain_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(source: bytes, section: str, key: str, *, windows: bool) -> list[object]:
        asked.append(f"{section}/{key}")
        assert b"A = {" in source
        assert not windows
        return []

    monkeypatch.setattr(readers, "read_all", read)
    body = "".join(f"  Key{index:06} = {index};\n" for index in range(2000))
    source = f"{C} LibUNIX64 = /a;\n LibUNIX = /b;\n}}\n{A}{body} old-x = 1;\n x = 2;\n}}\n"
    assert lint(parse(source.encode()), "", readers.RULES) == []
    assert asked == ["A/x"]


@pytest.mark.parametrize("path", corpus() or [None], ids=lambda path: path.name if path else "missing")
def test_real_files_are_read_alike(path: Path | None) -> None:
    if path is None:
        unmet("the corpus of real files is not beside this checkout (CONFKIT_CORPUS)")
    else:
        assert lint(parse(path.read_bytes(), path.name), path.name, readers.RULES) == []


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
