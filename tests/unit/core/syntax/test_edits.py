"""Edits: what they write, and what they refuse with the lines named."""

from __future__ import annotations

import pytest

from confkit.core.syntax import EditRefusedError, NotAllowedError, parse, set_entry, unset_entry


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("HAConfiguration = {\n  statusTimeout=3 ;\n}\n", "HAConfiguration = {\n  statusTimeout=10 ;\n}\n"),
        ("HAConfiguration = {\n  statusTimeout = ;\n}\n", "HAConfiguration = {\n  statusTimeout = 10;\n}\n"),
        ("HAConfiguration = {\n statusTimeout = 3; // s\n}\n", "HAConfiguration = {\n statusTimeout = 10; // s\n}\n"),
        ("HAConfiguration = {\n statusTimeout = 3\n}\n", "HAConfiguration = {\n statusTimeout = 10\n}\n"),
        ("HAConfiguration={\n  HAOnly=1;\n}\n", "HAConfiguration={\n  HAOnly=1;\n  statusTimeout=10;\n}\n"),
        (
            "HAConfiguration = {\r\n    HAOnly = 1;\r\n\r\n}\r\n",
            "HAConfiguration = {\r\n    HAOnly = 1;\r\n    statusTimeout = 10;\r\n\r\n}\r\n",
        ),
        (
            "HAConfiguration = {\n  HAOnly                = 1;\n}\n",
            "HAConfiguration = {\n  HAOnly                = 1;\n  statusTimeout         = 10;\n}\n",
        ),
        (
            "HAConfiguration = {\n\tHAOnly\t=\t1;\n}\n",
            "HAConfiguration = {\n\tHAOnly\t=\t1;\n    statusTimeout = 10;\n}\n",
        ),
        ("HAConfiguration = {\n}\n", "HAConfiguration = {\n   statusTimeout = 10;\n}\n"),
        (
            "Luna = {\n A=1;\n}\nHAConfiguration = {\n}\n",
            "Luna = {\n A=1;\n}\nHAConfiguration = {\n statusTimeout=10;\n}\n",
        ),
        ("", "HAConfiguration = {\n   statusTimeout = 10;\n}\n"),
        ("Luna={\n A=1;\n}", "Luna={\n A=1;\n}\n\nHAConfiguration={\n statusTimeout=10;\n}"),
        (
            "Luna = {\n A = 1;\n}\nMisc = {\n}\n",
            "Luna = {\n A = 1;\n}\nMisc = {\n}\nHAConfiguration = {\n statusTimeout = 10;\n}\n",
        ),
        (
            "Luna = {\n A = 1;\n}\n\n# why\nCkLog2 = {\n B = /de",
            "Luna = {\n A = 1;\n}\n\nHAConfiguration = {\n statusTimeout = 10;\n}\n\n# why\nCkLog2 = {\n B = /de",
        ),
        ("[HAConfiguration]\r\nHAOnly=1", "[HAConfiguration]\r\nHAOnly=1\r\nstatusTimeout=10"),
        ("[haconfiguration]\r\nSTATUSTIMEOUT=3\r\n", "[haconfiguration]\r\nSTATUSTIMEOUT=10\r\n"),
        ("[Luna]\r\nA=1\r\n", "[Luna]\r\nA=1\r\n\r\n[HAConfiguration]\r\nstatusTimeout=10\r\n"),
        ("\ufeff[Luna]\nA = 1\n", "\ufeff[Luna]\nA = 1\n\n[HAConfiguration]\nstatusTimeout = 10\n"),
    ],
)
def test_set_writes_the_smallest_splice_in_the_style_of_the_file(before: str, after: str) -> None:
    edited = set_entry(parse(before.encode()), "HAConfiguration", "statusTimeout", "10")
    assert edited.to_bytes().decode() == after


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("HAConfiguration = {\n statusTimeout = 3;\n statusTimeout = 4;\n}\n", (2, 3)),
        ("HAConfiguration = {\n statusTimeout = 3;\n}\nHAConfiguration = {\n statusTimeout = 4;\n}\n", (2, 5)),
        ("HAConfiguration = {\n}\nHAConfiguration = {\n}\n", (1, 3)),
        ("HAConfiguration = {\n statusTimeout = 3;\n", (1, 1)),
        ("HAConfiguration = {\n HAOnly = 1;\n G = {\n }\n}\n", (1, 3)),
        ("HAConfiguration = {\n HAOnly = 1; statusTimeout = 3;\n}\n", (2,)),
        ("HAConfiguration = { statusTimeout = 3; }\n", (1, 1)),
        ("HAConfiguration = {}\n", (1,)),
        ("HAConfiguration = {\n HAOnly = 1\n}\n", (2,)),
        ('HAConfiguration = {\n statusTimeout = "3;\n}\n', (2,)),
        ("Luna = {\n A = 1;\n}\n}\n", (4,)),
        ("Luna = {\n A = 1;\n", (1,)),
        ("Outer = {\n HAConfiguration = {\n }\n}\n", (2,)),
        ("Luna = {\n}\n[HAConfiguration]\n", (3,)),
        ("[Luna]\nHAConfiguration = {\n", (2,)),
        ("A = {\n\0\n}\n", (2,)),
        ("A = {\n x = 1;\n}B = {\n y = 2;\n", (3,)),  # B is not closed, and begins on the line that closes A
    ],
)
def test_set_refuses_what_is_not_safe_and_names_the_lines(source: str, lines: tuple[int, ...]) -> None:
    with pytest.raises(EditRefusedError) as refusal:
        set_entry(parse(source.encode()), "HAConfiguration", "statusTimeout", "10")
    assert refusal.value.lines == lines


def test_a_new_section_behind_two_that_share_the_last_line() -> None:
    edited = set_entry(parse(b"A = {\n}B = {}\n"), "HAConfiguration", "statusTimeout", "10")
    assert edited.to_bytes() == b"A = {\n}B = {}\nHAConfiguration = {\n   statusTimeout = 10;\n}\n"


@pytest.mark.parametrize("value", ["a\nb", "a\tb", " a", "a ", "a;b", "a}b", "{", "a\0", 'a"b', "\u2028"])
def test_values_that_the_unix_form_cannot_hold(value: str) -> None:
    with pytest.raises(NotAllowedError):
        set_entry(parse(b""), "A", "x", value)


@pytest.mark.parametrize(
    "name", ["", " a", "a ", "a=b", "a{", "a}", "a;", "[a", "a]", "#a", "//a", "/*a", "a\nb", "a\tb"]
)
def test_names_that_no_form_can_hold(name: str) -> None:
    for section, key in ((name, "x"), ("A", name)):
        with pytest.raises(NotAllowedError):
            set_entry(parse(b"[B]\n"), section, key, "1")


def test_the_windows_form_holds_semicolons_and_braces() -> None:
    assert set_entry(parse(b"[A]\n"), "A", "x", "a;b{c}").to_bytes() == b"[A]\nx=a;b{c}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A = {\n x = 1;\n y = 2;\n}\n", "A = {\n y = 2;\n}\n"),
        ("A = {\n x = 1; // why\n}\n", "A = {\n  // why\n}\n"),
        ("A = {\n x = 1;\n x = 2;\n}\n", "A = {\n}\n"),
        ("[A]\r\ny=2\r\nx=1", "[A]\r\ny=2"),
        ("A = {\n y = 2;\n}\n", "A = {\n y = 2;\n}\n"),
        ("", ""),
    ],
)
def test_unset_removes_the_line_and_keeps_a_comment(before: str, after: str) -> None:
    assert unset_entry(parse(before.encode()), "A", "x").to_bytes().decode() == after


def test_unset_refuses_to_bring_what_stands_behind_the_entry_to_life() -> None:
    with pytest.raises(EditRefusedError, match="would be an entry") as refusal:
        unset_entry(parse(b"A = {\n x = 1; y = 2;\n}\n"), "A", "x")
    assert refusal.value.lines == (2,)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1;\nA = {\n}\n", 1),
        ("A = {\n}\nx = 1;\n", 3),
        ("x = 1;\n", 1),
        ("B = {\n A = {\n  x = 1;\n }\n}\n", 2),
        ("[B]\ny=1\nA = {\n x = 1;\n}\n", 3),
        ("x=1\n[A]\ny=1\n", 1),
        ("X=1\n[B]\ny=1\n", 1),
    ],
)
def test_unset_does_not_take_what_is_not_read_for_absent(source: str, line: int) -> None:
    with pytest.raises(EditRefusedError) as caught:
        unset_entry(parse(source.encode()), "A", "x")
    assert caught.value.lines == (line,)


def test_unset_of_what_stands_nowhere_changes_nothing() -> None:
    for source in ("z = 1;\nA = {\n y = 1;\n}\n", "# x = 1;\nA = {\n}\n", "x = 1;\nA = {\n y = 1;\n}\nX = {\n}\n"):
        document = parse(source.encode())
        assert unset_entry(document, "A", "other") is document
    assert unset_entry(parse(b"# x = 1;\nA = {\n}\n"), "A", "x").to_bytes() == b"# x = 1;\nA = {\n}\n"


def test_unset_refuses_what_it_cannot_see() -> None:
    with pytest.raises(EditRefusedError):
        unset_entry(parse(b"A = {\n y = 1; x = 1;\n}\n"), "A", "x")
