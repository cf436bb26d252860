"""The settings file: where it is found, what it may say, and what is wrong with it; which findings it ignores."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.errors import FileError, UsageError
from confkit.lint.rules import RULES
from confkit.lint.settings.choice import RequestedSettings, choose
from confkit.lint.settings.ignores import Ignore, Ignores, reason_for, unused
from confkit.lint.settings.selection import selected
from confkit.lint.settings.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = """
select = ["CK1", "ck301"]
ignore = ["CK15"]
fail-on = "warning"
[[per-file-ignores]]
path = "tests/**"
codes = ["CK301", "CK4"]
reason = "made broken"
"""
IGNORE = '[[per-file-ignores]]\npath = "{}"\ncodes = ["CK101"]\nreason = "x"\n'


def load(folder: Path, text: str, name: str = "confkit.toml") -> Settings:
    (folder / name).write_text(text)
    return load_settings(None, str(folder), RULES)


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    found = load(tmp_path, WHOLE)
    assert found == Settings(
        file=str(tmp_path / "confkit.toml"),
        select=("CK1", "CK301"),
        ignore=("CK15",),
        fail_on="warning",
        ignores=Ignores(str(tmp_path), (Ignore("tests/**", ("CK301", "CK4"), "made broken"),)),
    )


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert load_settings(None, str(tmp_path), RULES) == Settings(None, (), (), None, Ignores(str(tmp_path), ()))
    assert load(tmp_path, "").file == str(tmp_path / "confkit.toml")


def test_the_first_file_upward_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    load(tmp_path, 'fail-on = "info"')
    assert load_settings(None, str(below), RULES).fail_on == "info"
    load(tmp_path / "a", '[tool.confkit]\nfail-on = "warning"', "pyproject.toml")
    assert load_settings(None, str(below), RULES).fail_on == "warning"
    load(tmp_path / "a", 'fail-on = "error"', "confkit.toml")
    assert load_settings(None, str(below), RULES).fail_on == "error", "in one folder its own file comes first"


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "this is not TOML", "[tool.other]\nconfkit = 1\n"])
def test_a_pyproject_without_our_table_is_passed_by(tmp_path: Path, text: str) -> None:
    (tmp_path / "below").mkdir()
    load(tmp_path, 'fail-on = "info"')
    assert load(tmp_path / "below", text, "pyproject.toml").fail_on == "info"


def test_a_file_can_be_named(tmp_path: Path) -> None:
    load(tmp_path, 'fail-on = "info"')
    (tmp_path / "mine.toml").write_text('fail-on = "warning"')
    assert load_settings(str(tmp_path / "mine.toml"), str(tmp_path), RULES).fail_on == "warning"
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(UsageError, match=r"pyproject.toml: there is no table \[tool.confkit\]"):
        load_settings(str(tmp_path / "pyproject.toml"), str(tmp_path), RULES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a =", "it is not TOML: "),
        ("\udcff", "it is not TOML: "),
        ("a = " + "[" * 5000, "it is not TOML: "),
        ("selct = []", "there is no key selct. The keys are select, ignore, fail-on, client-version, per-file-ignores"),
        ('select = "CK1"', "select must be a list of codes of rules"),
        ("ignore = [1]", "ignore must be a list of codes of rules"),
        ("select = []", "select is empty"),
        ('select = ["CK999"]', "select: there is no rule CK999"),
        ('ignore = [""]', "ignore: a code is empty"),
        ('fail-on = "never"', "fail-on must be one of error, warning, info"),
        ("fail-on = 1", "fail-on must be one of error, warning, info"),
        ("per-file-ignores = 1", "per-file-ignores must be a list of tables"),
        ("per-file-ignores = [1]", "per-file-ignores must be a list of tables"),
        ('[[per-file-ignores]]\ncodes = ["CK1"]\nreason = "x"', "per-file-ignores[0]: path is required"),
        ('[[per-file-ignores]]\npath = "x"\ncodes = ["CK1"]', "per-file-ignores[0]: reason is required"),
        ('[[per-file-ignores]]\npath = "x"\ncodes = ["CK1"]\nreason = " "', "per-file-ignores[0]: reason is required"),
        ('[[per-file-ignores]]\npath = "x"\nreason = "x"', "per-file-ignores[0]: codes is missing"),
        (
            IGNORE.format("a") + IGNORE.format("b").replace("101", "999"),
            "per-file-ignores[1]: codes: there is no rule CK999",
        ),
        (
            IGNORE.format("a") + "because = 1",
            "per-file-ignores[0]: there is no key because. The keys are path, codes, reason",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_file_and_the_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "confkit.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as raised:
        load_settings(None, str(tmp_path), RULES)
    assert str(raised.value).startswith(f"{tmp_path}/confkit.toml: {said}")


@pytest.mark.parametrize("text", ["tool.confkit = 1", "[tool.confkit]\nselct = 1"])
def test_the_table_of_a_pyproject_is_held_to_the_same(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml: "):
        load(tmp_path, text, "pyproject.toml")


def test_a_tool_that_is_no_table_is_not_ours(tmp_path: Path) -> None:
    assert load(tmp_path, "tool = 'confkit'", "pyproject.toml").file is None


@pytest.mark.parametrize("kind", ["folder", "fifo", "dangling link", "too long"])
def test_a_file_that_cannot_be_read_is_not_passed_by(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "confkit.toml"
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "dangling link":
            path.symlink_to("nowhere")
        case "too long":
            path.touch()
            os.truncate(path, 1 << 30)
    with pytest.raises(FileError) as raised:
        load_settings(None, str(tmp_path), RULES)
    assert raised.value.path == str(path)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        (
            "Chrystoki.conf",
            ["Chrystoki.conf", "a/Chrystoki.conf", "../Chrystoki.conf"],
            ["xChrystoki.conf", "a/b.conf"],
        ),
        ("*.conf", ["a.conf", "b/c/.conf"], ["a.conf.old", "a.con"]),
        ("a/*.conf", ["a/b.conf"], ["b.conf", "a/b/c.conf", "x/a/b.conf"]),
        ("a/**", ["a/b", "a/b/c.conf"], ["a", "b/a/c"]),
        ("**/a.conf", ["a.conf", "b/a.conf", "b/c/a.conf"], ["b/xa.conf"]),
        ("a/**/b.conf", ["a/b.conf", "a/x/y/b.conf"], ["a/xb.conf"]),
        ("a/?.conf", ["a/b.conf"], ["a/.conf", "a/bc.conf", "a//.conf"]),
        ("[a].conf", ["[a].conf"], ["a.conf"]),
        ("./a.conf", ["./a.conf"], ["a.conf"]),
    ],
)
def test_patterns(pattern: str, fitting: list[str], others: list[str]) -> None:
    ignore = Ignore(pattern, ("CK1",), "x")
    assert [path for path in fitting if not ignore.fits(path)] == []
    assert [path for path in others if ignore.fits(path)] == []


@given(st.text(st.characters(exclude_characters="*?/"), min_size=1))
def test_a_name_without_wildcards_fits_itself_alone(name: str) -> None:
    ignore = Ignore(name, ("CK1",), "x")
    assert ignore.fits(name)
    assert ignore.fits(f"a/b/{name}")
    assert not ignore.fits(f"{name}x")
    assert not ignore.fits(f"{name}/x")


def test_a_path_is_relative_to_the_folder_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real" / "a").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    ignores = Ignores(str(tmp_path / "link"), (Ignore("a/x.conf", ("CK1",), "x"),))
    monkeypatch.chdir(tmp_path / "real" / "a")
    for path in ("x.conf", "../a/x.conf", str(tmp_path / "real/a/x.conf"), str(tmp_path / "link/a/x.conf")):
        assert ignores.of_file(path) == list(ignores.entries)
    assert ignores.of_file("y.conf") == []


def test_the_first_ignore_gives_the_reason() -> None:
    ignores = [Ignore("x", ("CK2",), "one"), Ignore("x", ("CK10", "CK3"), "two"), Ignore("x", ("CK101",), "three")]
    assert [reason_for(code, ignores) for code in ("CK101", "CK111", "CK301")] == ["two", None, "two"]


def said(ignores: Ignores, *searched: str) -> list[str]:
    return [
        re.sub(r"\. Remove it$", "", each)
        for each in unused(ignores, {ignores.entries[0]: set()}, ["CK101", "CK301"], searched)
    ]


def test_unused_ignores_are_judged_where_they_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    used = Ignore("a.conf", ("CK3", "CK2", "CK101"), "x")
    absent = Ignore("b.conf", ("CK1",), "x")
    ignores = Ignores(str(tmp_path), (used, absent))
    vain = ["the ignore of CK3 for a.conf ignored nothing", "the ignore of CK101 for a.conf ignored nothing"]
    assert said(ignores) == vain, "no rule of CK2 ran; b.conf may be there"
    assert said(ignores, "below") == vain
    assert said(ignores, "below", ".") == [*vain, "the ignore for b.conf fits no file"]
    assert said(ignores, str(tmp_path.parent))[-1] == "the ignore for b.conf fits no file"


@given(
    st.lists(st.sampled_from([rule.code[:n] for rule in RULES for n in (2, 3, 4, 5)]), max_size=4),
    st.lists(st.sampled_from([rule.code[:n] for rule in RULES for n in (2, 3, 4, 5)]), max_size=4),
)
def test_of_two_codes_the_longer_wins_and_of_equals_the_ignored(select: list[str], ignore: list[str]) -> None:
    try:
        chosen = {rule.code for rule in selected(RULES, select, ignore)}
    except UsageError:
        chosen = set()
    for code in (rule.code for rule in RULES):
        for_it = max((each for each in select or [""] if code.startswith(each)), key=len, default=None)
        against = max((each for each in ignore if code.startswith(each)), key=len, default=None)
        wanted = for_it is not None and (against is None or len(for_it) > len(against))
        assert (code in chosen) == wanted


WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@given(
    st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?"]), min_size=1, max_size=8).map("".join),
    st.text("aab/", max_size=10),
)
def test_a_pattern_matches_what_the_plain_regular_expression_does(pattern: str, path: str) -> None:
    parts = re.split(r"((?<![^/])\*\*/|\*\*|\*|\?)", pattern if "/" in pattern else f"**/{pattern}")
    plain = "".join(WILDCARDS.get(part) or re.escape(part) for part in parts)
    assert Ignore(pattern, (), "").fits(path) == (re.fullmatch(plain, path, re.DOTALL) is not None)


@pytest.mark.parametrize("star", ["*", "**", "**/", "*?", "**/a*", "*a**"])
def test_patterns_of_many_stars_come_to_an_end(star: str) -> None:
    """A regular expression that tries each star at each place would outlast the test run."""
    pattern = f"{star}a" * (999 // (len(star) + 1)) + "x"
    assert not Ignore(pattern, (), "").fits("a" * 250 + "/a" * 1000)


def test_settings_are_small(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="it has more than 64 KiB"):
        load(tmp_path, "#" * (64 * 1024 + 1))
    (tmp_path / "confkit.toml").unlink()
    large = f"[project]\nname = 'x'\n#{'#' * (64 * 1024)}\n"
    assert load(tmp_path, large, "pyproject.toml").file is None, "with nothing for us its size is none of our business"
    with pytest.raises(UsageError, match=r"it has more than 64 KiB\. Use a confkit.toml"):
        load(tmp_path, f"{large}[tool.confkit]\n", "pyproject.toml")


@pytest.mark.parametrize(
    "key", [".".join("a" * 100), ".".join(['"a"'] * 100), " . ".join("a" * 100), ".".join(["'a b'"] * 100)]
)
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "[[{}]]", "a = {{{} = 1}}"])
def test_a_key_of_many_parts_is_refused(tmp_path: Path, key: str, form: str) -> None:
    """Read, 40 kB of them would take 1.5 GB."""
    with pytest.raises(UsageError, match="it has a key of more than 64 parts"):
        load(tmp_path, form.format(key))


def test_a_long_pattern_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="path has more than 1000 characters"):
        load(tmp_path, IGNORE.format("*" * 1001))


def test_settings_above_count_if_somebody_trusted_owns_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "below"
    below.mkdir()
    owner = os.stat(tmp_path).st_uid
    stranger = owner + 1000
    load(tmp_path, 'fail-on = "info"')
    lstat, stat = os.lstat, os.stat

    def as_if(whose: int, path: Path, real: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def status(asked: str, **options: bool) -> os.stat_result:
            found = real(asked, **options)
            return os.stat_result((*found[:4], whose, *found[5:10])) if os.fspath(asked) == str(path) else found

        return status

    monkeypatch.setattr(os, "geteuid", lambda: stranger + 1)
    for whose, path, trusted in (
        (0, tmp_path / "confkit.toml", True),
        (stranger + 1, tmp_path / "confkit.toml", True),
        (stat(below).st_uid, tmp_path / "confkit.toml", True),
        (stranger, tmp_path / "confkit.toml", False),
    ):
        monkeypatch.setattr(os, "lstat", as_if(whose, path, lstat))
        monkeypatch.setattr(os, "stat", as_if(whose, path, stat))
        found = load_settings(None, str(below), RULES)
        assert (found.fail_on, found.skipped) == (("info", None) if trusted else (None, str(tmp_path / "confkit.toml")))
        assert load_settings(None, str(tmp_path), RULES).fail_on == "info", "in the directory itself"
        assert load_settings(str(path), str(below), RULES).fail_on == "info", "it was named"


def test_the_version_of_the_client_comes_from_the_settings_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "confkit.toml").write_text('client-version = "10.4"\n')
    assert choose(RequestedSettings(), str(tmp_path), RULES).client_version == "10.4"
    assert choose(RequestedSettings(client_version="10.7.2"), str(tmp_path), RULES).client_version == "10.7.2"


@pytest.mark.parametrize("value", ["10.4", '"ten"', '""', '["10.4"]', '"10.4.1.2"'])
def test_what_is_no_version_names_the_settings_file(tmp_path: Path, value: str) -> None:
    path = tmp_path / "confkit.toml"
    path.write_text(f"client-version = {value}\n")
    with pytest.raises(UsageError, match="client-version") as caught:
        choose(RequestedSettings(), str(tmp_path), RULES)
    assert str(caught.value).startswith(str(path))
