"""The change file: what is in it, and what is wrong with it, by file, line and key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from confkit.config.change_file import is_valid, load
from confkit.config.change_model import ChangeFile
from confkit.core.changeset import ChangeSet
from confkit.core.errors import ConfkitError, FileError, UsageError
from confkit.core.redact import BY_CONTENT

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[set.HAConfiguration]
HAOnly = true
statusTimeout = 10

[set."LunaSA Client"]
ServerName00 = "hsm1"

[set.REST]
AuthTokenClientSecret = { env = "LUNA_SECRET" }
CVAppSpecificData = { file = "data.txt" }

[unset]
Misc = ["ToolsDir", "PE1746Enabled"]
"""
GOOD_JSON = """{
  "set": {
    "HAConfiguration": {"HAOnly": true, "statusTimeout": 10},
    "LunaSA Client": {"ServerName00": "hsm1"},
    "REST": {"AuthTokenClientSecret": {"env": "LUNA_SECRET"}, "CVAppSpecificData": {"file": "data.txt"}}
  },
  "unset": {"Misc": ["ToolsDir", "PE1746Enabled"]}
}"""
WANTED = ChangeSet(
    (
        ("HAConfiguration", "HAOnly", "1"),
        ("HAConfiguration", "statusTimeout", "10"),
        ("LunaSA Client", "ServerName00", "hsm1"),
        ("REST", "AuthTokenClientSecret", "hunter2"),
        ("REST", "CVAppSpecificData", "hunter3"),
    ),
    (("Misc", "ToolsDir"), ("Misc", "PE1746Enabled")),
    frozenset({("REST", "AuthTokenClientSecret"), ("REST", "CVAppSpecificData")}),
)


@pytest.mark.parametrize(("name", "text", "line"), [("c.toml", GOOD, 14), ("c.JSON", GOOD_JSON, 7)])
def test_both_forms_say_the_same(tmp_path: Path, name: str, text: str, line: int) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "data.txt").write_text("hunter3\n")
    found = load(str(tmp_path / name), {"LUNA_SECRET": "hunter2"})
    assert found._replace(place=None) == WANTED
    assert found.place is not None
    assert found.place("unset", "Misc", "ToolsDir") == f"{tmp_path / name}:{line}"


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("c.toml", "[set.HAConfiguration]\nHAOnly = \n", 2, "not TOML"),
        ("c.toml", "[set.Misc]\nA = 1\nA = 2\n", 3, "not TOML"),
        ("c.toml", '[set.REST]\nAuthTokenClientSecret = "hunter2\n', 2, "not TOML"),
        ("c.toml", "[sett.HAConfiguration]\nHAOnly = 1\n", 1, "sett: unknown key"),
        ("c.toml", "[set.HAConfiguration]\nHAOnly = 1.5\n", 2, "set.HAConfiguration.HAOnly: a value is"),
        ("c.toml", "\n[set]\nHAOnly = 1\n", 3, "set.HAOnly: it must be a table"),
        ("c.toml", "[unset]\nMisc = 'ToolsDir'\n", 2, "unset.Misc: it must be a list"),
        ("c.toml", "[set.REST]\nX = {env = 'A', file = 'B'}\n", 2, "set.REST.X: a value is"),
        ("c.toml", "[set.REST]\nX = {envv = 'A'}\n", 2, "set.REST.X: a value is"),
        ("c.toml", "[set.REST]\nX = {env = 'NOT_SET'}\n", 2, "set.REST.X: the environment variable NOT_SET is not set"),
        ("c.toml", "version = 2\n", 1, "version is 1"),
        ("c.toml", "[set]\n" + "a." * 20 + "b = 1\n", 2, "more than 8 parts"),
        ("c.json", '{"set": {\n"Misc": {"A": }}}', 2, "not JSON"),
        ("c.json", '{"set": {"Misc": {"A": 1, "A": 2}}}', None, "duplicate key A"),
        ("c.json", '{"set":\n {"Misc":\n {"A": [1]}}}', 3, "set.Misc.A: a value is"),
        ("c.json", "[1]", None, "it must be a table"),
        ("c.json", "[" * 200_000, None, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_by_file_line_and_key(
    tmp_path: Path, name: str, text: str, line: int | None, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load(str(path), {})
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert message in caught.value.message
    assert "hunter2" not in str(caught.value)
    assert BY_CONTENT.hide(str(caught.value)) == str(caught.value), "nothing in it looks like a secret"


@pytest.mark.parametrize(("name", "said"), [("no-such", "there is no such file"), ("pipe", "FIFO"), (".", "directory")])
def test_a_file_of_a_value_that_cannot_be_read_is_a_file_error(tmp_path: Path, name: str, said: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / "c.toml"
    path.write_text(f"[set.REST]\nX = {{file = '{name}'}}\n")
    with pytest.raises(FileError, match=said) as caught:
        load(str(path), {})
    assert (caught.value.path, caught.value.line, ".." in caught.value.message) == (str(path), 2, False)
    path.write_text(f"[set.REST]\nX = {{file = '{name}'}}\nY = {{env = 'NOT_SET'}}\n")
    with pytest.raises(FileError, match="2 faults in it") as caught:
        load(str(path), {})
    assert not any(each.endswith(".") for each in caught.value.details)


def test_everything_wrong_is_listed(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[set.Misc]\nA = 1.5\nB = []\n[unset]\nX = 1\n[other]\n")
    with pytest.raises(UsageError) as caught:
        load(str(tmp_path / "c.toml"), {})
    assert [each.partition(":")[0] for each in caught.value.details] == ["line 2", "line 3", "line 5", "line 6"]


def test_it_is_text_of_a_bounded_size(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b"\n\n\xff")
    with pytest.raises(UsageError, match="not UTF-8") as caught:
        load(str(tmp_path / "c.toml"), {})
    assert caught.value.line == 3
    (tmp_path / "c.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(FileError, match="more than 1 MiB"):
        load(str(tmp_path / "c.toml"), {})
    with pytest.raises(ConfkitError):
        load(str(tmp_path), {})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["env", "file", "x"]), inner, max_size=2)
    ),
    max_leaves=3,
)
TABLES = st.dictionaries(
    st.sampled_from(["set", "unset", "version", "other"]),
    st.dictionaries(st.text(max_size=2), st.dictionaries(st.text(max_size=2), JSON_VALUES, max_size=2) | JSON_VALUES)
    | st.dictionaries(st.text(max_size=2), st.lists(st.text(max_size=2) | JSON_VALUES, max_size=2))
    | st.sampled_from([1, 2, True, 1.0, "1"])
    | JSON_VALUES,
    max_size=3,
)


@given(TABLES | JSON_VALUES)
@example({"version": 1.0})
@example({"version": True})
@example({"version": [1]})
def test_the_quick_check_and_the_model_agree(table: object) -> None:
    try:
        ChangeFile.model_validate(table)
    except ValidationError:
        assert not is_valid(table)
    else:
        assert is_valid(table)


@pytest.mark.parametrize("number", ["0x" + "f" * 4000, "9" * 4400, "-" + "9" * 4400, "1" + "0" * 19])
def test_a_number_without_end_is_refused(tmp_path: Path, number: str) -> None:
    path = tmp_path / "changes.toml"
    path.write_text(f"[set.Misc]\nToolsDir = {number}\n")
    with pytest.raises(UsageError, match="at most 19"):
        load(str(path), {})
    if "x" not in number:
        path = tmp_path / "changes.json"
        path.write_text(f'{{"set": {{"Misc": {{"ToolsDir": {number}}}}}}}')
        with pytest.raises(UsageError, match="at most 19"):
            load(str(path), {})


@pytest.mark.parametrize(
    "text",
    [
        '{"set": {"A":\n {"b": "\\ud800"}}}',
        '{"set": {"A":\n {"\\udc00": "b"}}}',
        '{"set": {\n"\\uDBFFx": {"b": "c"}}}',
        '{"unset": {"A":\n ["\\ud800\\ud800\\udc00"]}}',
        '{"set": {"A":\n {"b": {"env": "\\ud800"}}}}',
    ],
)
def test_half_a_character_in_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "changes.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="half of a character") as raised:
        load(str(path), {})
    assert raised.value.line == 2


def test_a_whole_character_may_be_escaped_in_json(tmp_path: Path) -> None:
    path = tmp_path / "changes.json"
    path.write_text('{"set": {"A": {"b": "\\ud83d\\ude00"}}}')
    assert load(str(path), {}).set == (("A", "b", "\U0001f600"),)
