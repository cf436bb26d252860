from __future__ import annotations

import json
import unicodedata

import pytest

from confkit.core.escape import escape, escape_lines, on_build_server, without_commands, without_commands_in_json


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, ünïcödé and 漢字", "plain text, ünïcödé and 漢字"),
        ("", ""),
        ("\0", r"\x00"),
        ("a\x1bb", r"a\x1bb"),
        ("\x1f", r"\x1f"),
        (" ~", " ~"),
        ("\x7f", r"\x7f"),
        ("\x80\x9f", r"\x80\x9f"),
        ("\u061c", r"\u061c"),
        ("\u200e\u200f", r"\u200e\u200f"),
        ("\u2028\u2029\u202a\u202e", r"\u2028\u2029\u202a\u202e"),
        ("\u2066\u2069", r"\u2066\u2069"),
        ("\ufeff", r"\ufeff"),
        ("a\nb\tc\r", r"a\x0ab\x09c\x0d"),
        ("\ud800\udfff", r"\ud800\udfff"),
        ("\udc7f\udd00", r"\udc7f\udd00"),
    ],
)
def test_control_characters_are_written_out(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(("byte", "escaped"), [(0x80, r"\x80"), (0xFF, r"\xff")])
def test_a_byte_that_is_not_utf_8_is_written_as_the_byte(byte: int, escaped: str) -> None:
    assert escape(bytes([byte]).decode("utf-8", "surrogateescape")) == escaped


@pytest.mark.parametrize(
    "neighbour",
    [
        "\xa0",
        "\ue000",
        "\uff00",
        "\u061b",
        "\u061d",
        "\u200d",
        "\u2010",
        "\u2027",
        "\u202f",
        "\u2065",
        "\u206a",
        "\ufefe",
    ],
)
def test_the_neighbours_of_what_is_escaped_stay(neighbour: str) -> None:
    assert escape("\x1b" + neighbour) == r"\x1b" + neighbour


def test_no_control_character_and_no_surrogate_is_left() -> None:
    text = "".join(map(chr, range(0x110000)))
    left = escape(text)
    assert not [each for each in left if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"}]
    assert "\n" not in left


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("  ::set-output name=a::b", r"  \x3a:set-output name=a::b"),
        ("\t::x", r"\t::x".replace(r"\t", "\t").replace("::", r"\x3a:", 1)),
        ("a ::error::x", "a ::error::x"),
        ("::1", "::1"),
        ("::1/128 is fine", "::1/128 is fine"),
        ("::ffff:10.0.0.1, too", "::ffff:10.0.0.1, too"),
        ("::add-mask::x", r"\x3a:add-mask::x"),
        ("::", "::"),
        ("##[command]x", r"#\x23[command]x"),
        ("a ##vso[task.setvariable]x", r"a #\x23vso[task.setvariable]x"),
        ("##teamcity[x]", r"#\x23teamcity[x]"),
        ("###[x]", r"##\x23[x]"),
        ("## a heading", "## a heading"),
        ("#[x]", "#[x]"),
        ("##[a] ##[b]", r"#\x23[a] #\x23[b]"),
    ],
)
def test_commands_to_a_build_server_become_text(line: str, harmless: str) -> None:
    assert without_commands(line) == harmless


def test_escaping_takes_away_commands_too() -> None:
    assert escape("::error::\x1b ##[x]") == r"\x3a:error::\x1b #\x23[x]"


def test_json_says_the_same_without_a_command() -> None:
    value = {"a": "##vso[x]", "b": "# ##[y]", "c": "## z"}
    text = without_commands_in_json(json.dumps(value))
    assert json.loads(text) == value
    assert "##vso[" not in text
    assert "##[" not in text
    assert "## z" in text
    assert without_commands_in_json('"#"') == '"#"'


def test_line_feeds_are_kept_and_each_line_is_escaped() -> None:
    assert escape_lines("a\x1b\n::error::b\nc\r\n") == "a\\x1b\n\\x3a:error::b\nc\\x0d\n"


@pytest.mark.parametrize("name", ["GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "CI"])
def test_a_build_server_is_known_by_its_variable(name: str) -> None:
    assert on_build_server({name: "true"})
    assert on_build_server({name: "1"})
    for no in ("", "0", "false", "False"):
        assert not on_build_server({name: no})


def test_an_ordinary_shell_is_no_build_server() -> None:
    assert not on_build_server({"TERM": "xterm", "CIRCUS": "1"})
    assert not on_build_server({})
