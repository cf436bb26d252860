"""The line of bash: words, quotation marks, word breaks; and candidates as bash inserts them."""

from __future__ import annotations

import re
import shlex

import pytest

from confkit.cli.completion.bash_line import reply, split

BREAKS = " \t\n\"'><=;|&(:"


@pytest.mark.parametrize(
    ("line", "words", "current", "value", "expected"),
    [
        ("confkit ", ["confkit"], "", "get", "get"),
        ("confkit ge", ["confkit"], "ge", "get", "get"),
        ("confkit get Lu", ["confkit", "get"], "Lu", "LunaSA Client", r"LunaSA\ Client"),
        (r"confkit get LunaSA\ Cl", ["confkit", "get"], "LunaSA Cl", "LunaSA Client", r"LunaSA\ Client"),
        ('confkit get "LunaSA Cl', ["confkit", "get"], "LunaSA Cl", "LunaSA Client", "LunaSA Client"),
        ("confkit get 'LunaSA Cl", ["confkit", "get"], "LunaSA Cl", "LunaSA Client", "LunaSA Client"),
        (
            'confkit get "LunaSA Client" Re',
            ["confkit", "get", "LunaSA Client"],
            "Re",
            "ReceiveTimeout",
            "ReceiveTimeout",
        ),
        ("confkit lint --format=js", ["confkit", "lint"], "--format=js", "--format=json", "json"),
        ("confkit lint --format=", ["confkit", "lint"], "--format=", "--format=json", "json"),
        ('confkit x "a\\"b" ', ["confkit", "x", 'a"b'], "", "c", "c"),
        ("confkit x '", ["confkit", "x"], "", "it's", "it'\\''s"),
        ('confkit x "', ["confkit", "x"], "", 'a"$b`', 'a\\"\\$b\\`'),
        ("confkit x ", ["confkit", "x"], "", "a;$(b)", r"a\;\$\(b\)"),
        ("confkit x ''", ["confkit", "x"], "", "a", "a"),
        ("confkit x '' b", ["confkit", "x", ""], "b", "b", "b"),
    ],
)
def test_a_line(line: str, words: list[str], current: str, value: str, expected: str) -> None:
    found = split(line, BREAKS)
    assert (found.words, found.current) == (words, current)
    assert reply(found, value) == expected


@pytest.mark.parametrize(
    "value", ["LunaSA Client", "a'b", 'a"b', "$HOME", "`id`", "a\\b", "*", "~", "{a,b}", "a;b", "#a"]
)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_what_is_inserted_is_one_word_of_a_shell(value: str, quote: str) -> None:
    inserted = reply(split(f"confkit get {quote}", BREAKS), value)
    if quote == '"':
        assert not re.search(r"(?<!\\)(?:\\\\)*[\"$`]", inserted)
        assert re.sub(r"\\(.)", r"\1", inserted) == value
    else:
        assert shlex.split(f"{quote}{inserted}{quote}") == [value]


@pytest.mark.parametrize("text", ["confkit " + "'" * 5001, "confkit " + '"\\' * 5000, "\\" * 10001, "a=" * 5000])
def test_a_long_line_is_split_in_linear_time(text: str) -> None:
    assert split(text, BREAKS).words in ([], ["confkit"])
