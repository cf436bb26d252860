"""Each problem the parser reports, and exactly where."""

from __future__ import annotations

import pytest

from confkit.core.syntax import parse

HA = "HAConfiguration = {\n"

CASES = [
    # file, then (code, line, column, key) of every problem; columns from 1 as an editor shows them
    (HA + "  HAOnly = 1\n}\n", [("missing-semicolon", 2, 13, "HAOnly")]),
    (HA + "  HAOnly = 1;\n", [("unclosed-section", 1, 1, None)]),
    ("A = {\n x = 1;\nB = {\n y = 2;\n}\n", [("unclosed-section", 1, 1, None)]),
    (HA + " G = {\n  x = 1;\n }\n}\n", [("nested-block", 2, 2, "G")]),
    (HA + " hello\n}\n", [("stray-text", 2, 2, None)]),
    ("hello\n", [("stray-text", 1, 1, None)]),
    ("x = 1;\nA = {\n}\n", [("entry-outside-section", 1, 1, "x")]),
    ("}\n", [("stray-brace", 1, 1, None)]),
    ("A = {\n\tx = 1;\n}\n", [("tab", 2, 1, None)]),
    ("A = {\n}\nA = {\n}\n", [("duplicate-section", 3, 1, None)]),
    ("A = {\n x = 1;\n x = 2;\n}\n", [("duplicate-entry", 3, 2, "x")]),
    ("A = {\n x = 1; y = 2;\n}\n", [("text-after-semicolon", 2, 9, "y")]),
    ("A = {\n x = 1; // note\n}\n", [("text-after-semicolon", 2, 9, None)]),
    ("A = {\n x = 1; # y = 2;\n}\n", [("comment-holds-entry", 2, 9, "y"), ("text-after-semicolon", 2, 9, None)]),
    ("A = {\n # x = 2;\n}\n", [("comment-holds-entry", 2, 2, "x")]),
    ("A = {\n // was: x = 2;\n}\n", [("comment-holds-entry", 2, 2, "x")]),
    ("A = {\n # }\n}\n", [("comment-holds-brace", 2, 2, None)]),
    ("# A = {\n", [("comment-holds-brace", 1, 1, None)]),
    (
        "/*\nA = {\n x = 1;\n}\n*/\n",
        [("comment-holds-brace", 2, 1, None), ("comment-holds-entry", 3, 2, "x"), ("comment-holds-brace", 4, 1, None)],
    ),
    ("/* no end\nA = {\n}\n", []),
    ("A = {\n x = \xff;\n}\n", [("invalid-utf8", 2, 6, None)]),
    ("A = {\n x = a}b;\n}\n", [("brace-in-value", 2, 6, "x")]),
    ("A = {\n x = {0-1};\n}\n", [("brace-in-value", 2, 6, "x")]),
    ('A = {\n x = "a;b";\n}\n', [("unbalanced-quote", 2, 6, "x"), ("text-after-semicolon", 2, 9, None)]),
    ("A\n{\n x = 1;\n}\n", [("header-without-equals", 1, 1, None), ("brace-on-next-line", 2, 1, None)]),
    ("A =\n{\n x = 1;\n}\n", [("brace-on-next-line", 2, 1, None)]),
    ("A {\n}\n", [("header-without-equals", 1, 1, None)]),
    ("A = { x = 1; }\n", [("text-beside-brace", 1, 7, "x")]),
    ("A = {\n x = 1; }\n", [("text-beside-brace", 2, 2, "x")]),
    ("A = { // note\n x = 1;\n}; # end\n", []),
    ("A = {\n} B = {\n x = 1;\n}\n", []),
    ("A = {\n" + " x = " + "a" * 1030 + ";\n}\n", [("long-line", 2, 1025, None)]),
    ("A = {\r\n x = 1;\n}\r\n", [("mixed-line-ends", 2, 8, None)]),
    ("A = {\n}", [("no-final-line-end", 2, 2, None)]),
    ("\ufeffA = {\n}\n", [("byte-order-mark", 1, 1, None)]),
    ("\ufeff# A = {\n", [("byte-order-mark", 1, 1, None), ("comment-holds-brace", 1, 1, None)]),
    ("\ufeffA =\n{\n}\n", [("byte-order-mark", 1, 1, None), ("brace-on-next-line", 2, 1, None)]),
    ("\ufeffx = 1;\n", [("byte-order-mark", 1, 1, None), ("entry-outside-section", 1, 1, "x")]),
    ("[A]\r\n[\r\n", [("unclosed-section", 2, 1, None)]),
    ("A = {\n\0\n}\n", [("nul-byte", 2, 1, None), ("stray-text", 2, 1, None)]),
    ("[A]\nx=1\n", []),
    ("; c\n[A]\n; y=2\nx=1;\n", [("comment-holds-entry", 3, 1, "y"), ("wrong-form", 4, 4, "x")]),
    ("[A]\nB = {\n", [("wrong-form", 2, 1, "B")]),
    ("[A\nx=1\n[B]\n", [("unclosed-section", 1, 1, None)]),
    ("[A] x\n", [("text-beside-brace", 1, 5, None)]),
    ("x=1\n[A]\nhello\n", [("entry-outside-section", 1, 1, "x"), ("stray-text", 3, 1, None)]),
    ("[A]\nX=1\n[a]\nx=2\n", [("duplicate-section", 3, 2, None), ("duplicate-entry", 4, 1, "x")]),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_problem_and_its_place(source: str, expected: list[tuple[str, int, int, str | None]]) -> None:
    document = parse(source.encode("latin-1") if "\xff" in source else source.encode())
    found = [
        (problem.code, *document.position(problem.line, problem.start), problem.key) for problem in document.problems
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("source", "name", "windows", "wrong"),
    [
        (b"[A]\n", "crystoki.ini", True, False),
        (b"A = {\n}\n", "Chrystoki.conf", False, False),
        (b"[A]\n", "/etc/Chrystoki.conf", True, True),
        (b"A = {\n}\n", "CRYSTOKI.INI", False, True),
        (b"# [x] {\n[A]\n", "", True, False),
        (b"", "crystoki.ini", True, False),
        (b"", "", False, False),
    ],
)
def test_form_is_recognised_from_the_text_then_from_the_name(
    source: bytes, name: str, windows: bool, wrong: bool
) -> None:
    document = parse(source, name)
    assert document.windows is windows
    assert any(problem.code == "wrong-form" for problem in document.problems) is wrong


def test_reading_minds_case_in_the_unix_form_only() -> None:
    unix, windows = parse(b"A = {\n x = 1;\n}\n"), parse(b"[A]\nx=1\n")
    assert (unix.get("A", "x"), unix.get("a", "x"), unix.get("A", "X")) == ("1", None, None)
    assert (windows.get("A", "x"), windows.get("a", "X")) == ("1", "1")


def test_nested_blocks_hide_their_entries_from_the_section() -> None:
    document = parse(b"A = {\n a = 1;\n B = {\n  b = 2;\n }\n c = 3;\n}\n")
    assert [entry.name for entry in document.sections[0].entries] == ["a", "c"]


def test_a_section_left_open_ends_before_the_next_header() -> None:
    document = parse(b"A = {\n a = 1;\n\nB = {\n b = 2;\n}\n")
    assert [(section.name, section.end_line, section.closed) for section in document.sections] == [
        ("A", 3, False),
        ("B", 6, True),
    ]
