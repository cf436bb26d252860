"""The rules of layout: what they find and where, what they pass over, and that no bytes break any rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import RULES, layout
from testing.configuration_files import any_bytes, sound_files
from testing.lint_files import unix_files, windows_files
from testing.programs import corpus, unmet

A = "A = {\n"
LONG = "a" * 1030

CASES = [
    # the file, then (code, line, column, severity) of every finding
    (A + " x = 1\n}\n", [("CK101", 2, 7, "error")]),
    (A + " x = 1; // b\n}\n", [("CK102", 2, 9, "warning")]),
    (A + " x = 1; y = 2;\n}\n", [("CK102", 2, 9, "warning")]),
    (A + " x = 1; b\n}\n", [("CK102", 2, 9, "warning")]),
    (A + " x = 1; # y = 2;\n}\n", [("CK102", 2, 9, "warning")]),
    (A + " x = 1; # }\n}\n", [("CK102", 2, 9, "warning"), ("CK132", 2, 9, "warning")]),
    (A + " x = 1 ;\n}\n", [("CK103", 2, 7, "info")]),
    ("[A]\nx=1;\n", [("CK104", 2, 4, "error")]),
    (A + " x = 1;\n", [("CK111", 1, 1, "error")]),
    ("[A\nx=1\n[B]\n", [("CK111", 1, 1, "error")]),
    (A + " B = {\n x = 1;\n }\n}\n", [("CK112", 2, 2, "error")]),
    ("}\n", [("CK113", 1, 1, "error")]),
    ("{\n}\n", [("CK113", 1, 1, "error")]),
    ("A = { x = 1; }\n", [("CK114", 1, 7, "warning")]),
    (A + " x = 1; }\n", [("CK114", 2, 2, "warning")]),
    ("[A] b\n", [("CK114", 1, 5, "warning")]),
    ("A =\n{\n x = 1;\n}\n", [("CK115", 2, 1, "warning")]),
    ("A {\n}\n", [("CK116", 1, 1, "warning")]),
    (A + " b\n}\n", [("CK121", 2, 2, "error")]),
    ("b\n", [("CK121", 1, 1, "error")]),
    ("[A]\nb\n", [("CK121", 2, 1, "error")]),
    ("x = 1;\n", [("CK122", 1, 1, "error")]),
    ("x=1\n[A]\n", [("CK122", 1, 1, "error")]),
    (A + "}\n" + A + "}\n", [("CK123", 3, 1, "warning")]),
    (A + " x = 1;\n x = 2;\n}\n", [("CK124", 3, 2, "error")]),
    (A + " x = 1;\n x = 1;\n}\n", [("CK124", 3, 2, "warning")]),
    (A + " x = 1;\n x = 1;\n x = 2;\n}\n", [("CK124", 3, 2, "warning"), ("CK124", 4, 2, "error")]),
    (A + " x = 1;\n}\n" + A + " x = 2;\n}\n", [("CK123", 4, 1, "warning"), ("CK124", 5, 2, "error")]),
    ("[A]\nx=1\nX=1\n", [("CK124", 3, 1, "warning")]),
    (A + " # x = 1;\n}\n", [("CK131", 2, 2, "warning")]),
    (A + " /* b\n x = 1;\n */\n}\n", [("CK131", 3, 2, "warning")]),
    (A + " # {\n}\n", [("CK132", 2, 2, "warning")]),
    (A + " x = a}b;\n}\n", [("CK141", 2, 6, "warning")]),
    (A + " x = 'a';\n}\n", [("CK142", 2, 6, "warning")]),
    (A + ' x = a "b" c;\n}\n', [("CK142", 2, 6, "warning")]),
    ('[A]\nx="a"\n', [("CK142", 2, 3, "warning")]),
    (A + ' x = "a;\n}\n', [("CK143", 2, 6, "warning")]),
    ("[A]\nB = {\n", [("CK144", 2, 1, "error")]),
    (A + "\tx = 1;\n}\n", [("CK151", 2, 1, "warning")]),
    (A + " x = a\tb;\n}\n", [("CK151", 2, 7, "warning")]),
    (A + " # a\tb\n}\n", [("CK151", 2, 5, "warning")]),
    ("[A]\nx=\t1\n; a\tb\n", [("CK151", 2, 3, "warning"), ("CK151", 3, 4, "warning")]),
    (A + " x = \udcff;\n}\n", [("CK152", 2, 6, "warning")]),
    ("# \0\n", [("CK153", 1, 3, "error")]),
    (A + f" x = {LONG};\n}}\n", [("CK154", 2, 1025, "warning")]),
    ("\ufeff" + A + "}\n", [("CK155", 1, 1, "info")]),
    ("\ufeff[A]\n", [("CK155", 1, 1, "warning")]),
    (A + " x = 1;\r\n}\n", [("CK156", 2, 8, "info")]),
    (A + " x = 1;\r}\n", [("CK157", 2, 8, "warning")]),
    ("# a\r\n" + A + " x = 1;\r}\n", [("CK157", 3, 8, "warning")]),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_what_is_found_and_where(source: str, expected: list[tuple[str, int, int, str]]) -> None:
    document = parse(source.encode("utf-8", "surrogateescape"))
    found = [(each.code, each.line, each.column, each.severity) for each in lint(document, "", layout.RULES)]
    assert found == expected


NOT_FOUND = [
    A + "x=1;\n y   =   2;\n    z = 3;\n\n   w = -1;\n}\n",
    "LunaSA Client = {\n}\n\n\nA = {\n};\n",
    A.replace("\n", "\r\n") + " x = 1;\r\n}\r\n",
    A + " a-b-c = u:v@w = /x//y#z;\n}",
    "# B = {\n# x = 1;\n// }\n/*\ny = 2;\n*/\n#\ta\tb\n" + A + "}\n",
    A + " # the default = 3 s\n # see above; nothing is set\n // note\n}\n",
    A + ' EngineInit = "label":0:0:passdev=console;\n Engine2Init = "b":1:1;\n}\n',
    A + " x = bob's;\n y = ;\n}\n",
    "; x=1\n[A]\n; y=2\n# z=3\nw=4 \n",
    "A = { # note\n}  # note\n",
    "",
]


@pytest.mark.parametrize("source", NOT_FOUND)
def test_what_is_shipped_and_works_has_no_finding(source: str) -> None:
    assert lint(parse(source.encode()), "", layout.RULES) == []


@pytest.mark.parametrize(("source", "name"), [(b"[A]\nx=1\n", "Chrystoki.conf"), (b"A = {\n}\n", "crystoki.ini")])
def test_the_form_of_the_other_platform(source: bytes, name: str) -> None:
    assert [(each.code, each.line, each.column) for each in lint(parse(source, name), name, layout.RULES)] == [
        ("CK144", 1, 1)
    ]


MESSAGES = [
    (A + " x = 1\n}\n", "x has no `;` at its end"),
    (A + " x = 1; y = 2;\n}\n", "y stands behind another entry on the line, where most programs do not see it"),
    (A + " x = 1; b\n}\n", "text stands behind the `;` on the line, where most programs do not see it"),
    ("[A\n[B]\n", "section A has no `]` after its name"),
    (A + " B = {\n }\n}\n", "block B inside section A: is a brace missing above it?"),
    (A + " x = 1;\n x = 2;\n}\n", "x stands on line 2 already, with another value"),
    ("[A] b\n", "text on one line with the name of a section is not read by some programs"),
    ("A = { x = 1; }\n", "x on one line with a brace is not read by some programs"),
    ("A\n= {\n}\n", "this is not a section, an entry or a comment: no program reads it"),
]


@pytest.mark.parametrize(("source", "message"), MESSAGES)
def test_the_message_names_the_entry_and_what_is_wrong(source: str, message: str) -> None:
    assert message in [each.message for each in lint(parse(source.encode()), "", layout.RULES)]


def test_no_message_holds_the_value_of_a_secret() -> None:
    lines = ["AuthTokenClientSecret = 'hush';", "AuthTokenClientSecret = hush{", "AuthTokenClientSecret = hush", "hush"]
    for line in lines:
        found = lint(parse(f"REST = {{\n {line}\n {line}\n}}\n".encode()), "", layout.RULES)
        assert found
        assert not any(
            "hush" in f"{each.message} {each.help} {each.fix.description if each.fix else ''}" for each in found
        )


@pytest.mark.parametrize("path", corpus() or [None], ids=lambda path: path.name if path else "missing")
def test_real_files_have_the_findings_that_were_seen_in_them(path: Path | None) -> None:
    if path is None:
        unmet("the corpus of real files is not beside this checkout (CONFKIT_CORPUS)")
    else:
        known = {"038-keyfactor-example-ha.conf": ["CK111", "CK101"]}
        found = lint(parse(path.read_bytes(), path.name), path.name, layout.RULES)
        assert [each.code for each in found] == known.get(path.name, [])


@pytest.mark.parametrize("windows", [False, True])
@given(data=st.data())
def test_sound_files_have_no_finding(windows: bool, data: st.DataObject) -> None:
    name = "crystoki.ini" if windows else "Chrystoki.conf"
    source = data.draw(sound_files(windows=windows))
    assert lint(parse(source, name), name, layout.RULES) == []


@given(st.one_of(any_bytes, unix_files(), windows_files()), st.sampled_from(["Chrystoki.conf", "crystoki.ini", ""]))
def test_no_bytes_break_a_rule_and_every_finding_lies_in_the_file(source: bytes, name: str) -> None:
    document = parse(source, name)
    for each in lint(document, name, RULES):
        assert 1 <= each.line <= each.end_line <= max(1, len(document.lines))
        line = document.lines[each.line - 1] if document.lines else b""
        assert 1 <= each.column <= len(line.decode("utf-8", "surrogateescape")) + 1
        assert (each.line, each.column) <= (each.end_line, each.end_column)
        assert "\n" not in each.message
