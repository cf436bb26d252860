"""apply, server and ha: what they write, print and refuse."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

import confkit
from testing.command import confkit as run
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = REPOSITORY / "samples" / "changes"
SOURCE = b"""LunaSA Client = {
   ServerName00 = hsm1;
   ServerPort00 = 1792;
   ServerHtl00 = 0;
}
HAConfiguration = {
   HAOnly = 0;
}
"""
CHANGES = """[set.HAConfiguration]
HAOnly = 1
[set.REST]
AuthTokenClientSecret = { env = "LUNA_SECRET" }
[unset]
"LunaSA Client" = ["ServerHtl00"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(SOURCE)
    (tmp_path / "c.toml").write_text(CHANGES)
    return path


def test_apply_makes_all_changes_and_shows_no_secret(file: Path) -> None:
    changes = str(file.with_name("c.toml"))
    secret = {"LUNA_SECRET": "hunter2-canary"}
    asked = ["apply", changes, "-c", str(file), "--diff"]
    checked = run(*asked[:-1], "--check", environment=secret)
    assert (checked.code, file.read_bytes()) == (1, SOURCE)
    done = run(*asked, "--backup", environment=secret)
    assert (done.code, done.err) == (0, "")
    assert "3 entries changed; the old file is" in done.out
    assert "  REST/AuthTokenClientSecret = ********\n" in done.out
    assert "hunter2" not in done.out + checked.out
    assert b"AuthTokenClientSecret = hunter2-canary;" in file.read_bytes()
    again = run(*asked, "--format", "json", environment=secret)
    assert json.loads(again.out) | {"path": ""} == {
        "version": 1,
        "path": "",
        "changed": False,
        "written": False,
        "backup": None,
        "changes": [],
        "diff": "",
        "warnings": [],
    }
    assert run(*asked, "--check", environment=secret).code == 0


def test_apply_lists_every_reason_and_writes_nothing(file: Path) -> None:
    wrong = "[set.HAConfiguration]\nHAOnyl = 1\nstatusTimeout = 99\n"
    done = run("apply", "-", "-c", str(file), stdin=wrong)
    assert (done.code, done.out, file.read_bytes()) == (2, "", SOURCE)
    assert done.err.splitlines()[0] == "confkit: 2 reasons against it. Nothing was changed"
    assert "did you mean HAOnly?" in done.err
    assert "from 3 to 60" in done.err


def test_one_reason_says_once_that_nothing_was_changed_and_where_it_is(file: Path) -> None:
    for words in (["set", "HAConfiguration", "statusTimeout", "99"], ["ha", "recover", "--retries", "x"]):
        assert run(*words, "-c", str(file)).err.count("Nothing was changed") == 1
    wrong = run("apply", "-", "-c", str(file), stdin="[set.HAConfiguration]\nstatusTimeout = 99\n")
    assert (wrong.code, wrong.err.count("Nothing was changed")) == (2, 1)
    file.write_bytes(SOURCE + b"Misc = {\n   ToolsDir = /a;\n   ToolsDir = /b;\n}\n")
    unsafe = run("apply", "-", "-c", str(file), stdin='[set.Misc]\nToolsDir = "/c"\n')
    assert (unsafe.code, unsafe.err.count("Nothing was changed")) == (3, 1)
    assert unsafe.err.startswith(f"confkit: {file}:10: Misc/ToolsDir: ToolsDir stands more than once")


def test_a_reason_against_a_change_file_names_its_line_and_entry_whether_there_are_one_or_many(file: Path) -> None:
    wrong = {
        '[set.Misc]\nMutexFolder = "x\\ty"\n': ["{}:2: Misc/MutexFolder: a value holds no control"],
        "[set.HAConfiguration]\nHAOnly = 1\nstatusTimeout = 99\n": ["{}:3: statusTimeout must be"],
        "[set.HAConfiguration]\nHAOnyl = 1\n": ["{}:2: section HAConfiguration has no entry HAOnyl"],
        '[set.Misc]\nToolsDir = "CHANGEME"\n': ["{}:2: Misc/ToolsDir was not filled in: CHANGEME"],
        "[set.Misc]\nToolsDir = 'a'\n[unset]\nMisc = ['ToolsDir']\n": ["{}:4: Misc/ToolsDir is set and unset"],
        "[set.Misc]\nToolsDir = 'a;b'\n[set.HAConfiguration]\nHAOnly = 7\n": [
            "{}:2: Misc/ToolsDir: a value in the UNIX form",
            "{}:4: HAConfiguration/HAOnly must be",
        ],
    }
    for text, expected in wrong.items():
        for name in ("standard input", str(file.with_name("wrong.toml"))):
            file.with_name("wrong.toml").write_text(text)
            source = "-" if name == "standard input" else name
            done = run("apply", source, "-c", str(file), stdin=text)
            assert (done.code, file.read_bytes()) == (2, SOURCE), text
            for each in expected:
                assert f"{'  - ' if len(expected) > 1 else 'confkit: '}{each.format(name)}" in done.err, done.err


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("HAConfiguration", "statusTimeout", "hunter2-Zx91"),
        ("HAConfiguration", "reconnAtt", "hunter2-Zx91"),
        ("HAConfiguration", "AutoReconnectInterval", "hunter2-Zx91"),
        ("Misc", "ToolsDir", "${hunter2-Zx91}"),
        ("Misc", "ToolsDir", "C:\\hunter2-Zx91"),
        ("Misc", "MutexFolder", "hunter2-Zx91\ty"),
        ("Misc", "MutexFolder", "hunter2-Zx91;y"),
        ("Luna", "DefaultTimeOut", "912"),
        ("LunaSA Client", "ServerName00", "hunter2-Zx91 # x"),
        ("LunaSA Client", "hunter", "<hunter2-Zx91>"),
        ("Misc", "ToolsDir", "/a#hunter2-Zx91%"),
    ],
)
def test_no_message_of_apply_quotes_what_came_from_a_variable_or_a_file(
    file: Path, section: str, key: str, value: str
) -> None:
    file.with_name("value").write_text(value)
    for origin in ('{ env = "VALUE" }', '{ file = "value" }'):
        changes = file.with_name("c.toml")
        for more in ("", "HAOnyl = 1\n"):
            changes.write_text(f'[set."{section}"]\n{key} = {origin}\n{more}')
            for force in ([], ["--force"]):
                done = run("apply", str(changes), "-c", str(file), "--dry-run", *force, environment={"VALUE": value})
                assert done.code in {0, 2}, done.err
                assert not any(part in done.err for part in ("hunter2", "Zx91", "912")), done.err


def test_servers_and_groups_come_and_go(file: Path) -> None:
    at = ["-c", str(file)]
    commands = [
        ["server", "add", "hsm2", "--port", "1793", *at],
        ["server", "list", *at],
        ["ha", "create", "pay", "--serial", "1111", "--member", "111", "--member", "112", *at],
        ["ha", "add-member", "pay", "113", *at],
        ["ha", "remove-member", "pay", "111", *at],
        ["ha", "list", *at],
        ["ha", "only", "on", *at],
        ["ha", "recover", "--retries", "10", "--interval", "60", *at],
        ["server", "remove", "hsm1", *at],
        ["ha", "delete", "pay", *at],
    ]
    done = [run(*each) for each in commands]
    assert [(each.code, each.err) for each in done] == [(0, "")] * len(commands)
    assert done[1].out == "00  hsm1  1792  line 2\n01  hsm2  1793  line 5\n"
    assert done[5].out == "00  pay  1111  112,113\n"
    assert file.read_bytes() == (
        b"LunaSA Client = {\n   ServerName00 = hsm2;\n   ServerPort00 = 1793;\n   ServerHtl00 = 0;\n}\n"
        b"HAConfiguration = {\n   HAOnly = 1;\n   reconnAtt = 10;\n   AutoReconnectInterval = 60;\n}\n"
    )


def test_a_member_of_another_group_is_a_warning_and_what_is_no_member_is_refused(file: Path) -> None:
    at = ["-c", str(file)]
    assert run("ha", "create", "one", "--serial", "1111", "--member", "111", *at).err == ""
    both = run("ha", "create", "two", "--serial", "1222", "--member", "222", "--member", "111", *at)
    assert (both.code, both.err) == (0, f"confkit: warning: {file}: 111 is a member of group one too\n")
    added = run("ha", "add-member", "one", "222", *at, "--format", "json")
    assert json.loads(added.out)["warnings"] == ["222 is a member of group two too"]
    before = file.read_bytes()
    for words in (
        ("ha", "create", "x", "--serial", "3", "--member", "3"),
        ("ha", "add-member", "one", "1222"),
        ("set", "VirtualToken", "VirtualToken00Members", "abc"),
        ("set", "VirtualToken", "VirtualToken00Members", "111, hsm2"),
        ("set", "HAConfiguration", "oneStandbyMembers", "1-1"),
    ):
        refused = run(*words, *at)
        assert (refused.code, refused.out, file.read_bytes()) == (2, "", before), words
    assert run("set", "VirtualToken", "VirtualToken00Members", "111, 222,333", *at).code == 0
    assert run("set", "HAConfiguration", "oneStandbyMembers", '"222"', *at).code == 0


def test_what_is_refused_has_its_exit_code_and_changes_nothing(file: Path) -> None:
    file.write_bytes(SOURCE.replace(b"00 =", b"01 ="))
    at = ["-c", str(file)]
    commands = {
        ("server", "add", "hsm2", *at): 3,  # a gap
        ("server", "add", "hsm2:1792", *at): 2,
        ("server", "remove", "hsm9", *at): 3,
        ("ha", "create", "pay", "--serial", "1x", "--member", "1", *at): 2,
        ("ha", "delete", "pay", *at): 2,
        ("ha", "only", "maybe", *at): 2,
        ("ha", "recover", "--retries", "many", *at): 2,
        ("apply", "no-such.toml", *at): 3,
    }
    before = file.read_bytes()
    done = [run(*each) for each in commands]
    assert [each.code for each in done] == list(commands.values())
    assert all(each.err and not each.out for each in done)
    assert file.read_bytes() == before


def test_the_api_applies_changes(file: Path) -> None:
    changes = confkit.ChangeSet(set=(("HAConfiguration", "HAOnly", "1"),), unset=(("LunaSA Client", "ServerHtl00"),))
    dry = confkit.apply(file, changes, dry_run=True)
    assert (dry.written, file.read_bytes()) == (False, SOURCE)
    done = confkit.apply(file, changes)
    assert (done.written, done.after) == (True, file.read_bytes())
    assert confkit.load(file).get("HAConfiguration", "HAOnly") == "1"
    with pytest.raises(confkit.UsageError):
        confkit.apply(file, confkit.ChangeSet(set=(("HAConfiguration", "HAOnly", "7"),)))
    unsure = confkit.ChangeSet(set=(("HAConfiguration", "AutoReconnectInterval", "30"),))
    new = file.with_name("new.conf")
    with pytest.raises(confkit.FileError):
        confkit.apply(new, unsure)
    made = confkit.apply(new, unsure, create=True)
    assert (made.written, new.read_bytes()) == (True, b"HAConfiguration = {\n   AutoReconnectInterval = 30;\n}\n")
    assert "as far as is known" in made.warnings[0]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_the_samples_make_their_after_of_their_before(tmp_path: Path, sample: str) -> None:
    file = tmp_path / "Chrystoki.conf"
    file.write_bytes((SAMPLES / sample / "before.conf").read_bytes())
    asked = ["apply", str(SAMPLES / sample / "changes.toml"), "-c", str(file)]
    done = run(*asked, environment={"LUNA_CLIENT_SECRET": "not-a-real-secret"})
    assert (done.code, done.err) == (0, "")
    assert file.read_bytes() == (SAMPLES / sample / "after.conf").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("server", "add", "CHANGEME"),
        ("ha", "create", "<label>", "--serial", "11530786119999", "--member", "1530786110427"),
        ("call-log", "on", "--file", "<log>"),
        ("relocate", "/usr", "/opt/$DIR"),
        ("relocate", "/usr", "C:\\x"),
        ("call-log", "on", "--file", "C:\\luna\\log.txt"),
        ("set", "Chrystoki2", "LibUNIX64", "C:\\luna\\cryptoki.dll"),
        ("set", "Misc", "ToolsDir", '"D:/luna"'),
        ("apply", "{windows}"),
    ],
)
def test_a_placeholder_and_a_windows_directory_in_the_unix_form_are_refused(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "Chrystoki.conf"
    source = (REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf").read_bytes()
    path.write_bytes(source)
    changes = tmp_path / "c.toml"
    changes.write_text("[set.Misc]\nToolsDir = '\\\\server\\luna'\n")
    result = run(*(str(changes) if word == "{windows}" else word for word in words), "-c", str(path))
    assert result.code == 2, result
    assert any(reason in result.err for reason in ("was not filled in", "is a Windows directory", "a path of Windows"))
    assert path.read_bytes() == source


def test_the_other_platforms_path_is_set_with_force_and_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "crystoki.ini"
    path.write_bytes(b"[Misc]\r\nToolsDir=C:\\luna\r\n")
    refused = run("set", "Misc", "ToolsDir", "/opt/luna", "-c", str(path))
    assert (refused.code, "a path of UNIX" in refused.err) == (2, True)
    forced = run("set", "Misc", "ToolsDir", "/opt/luna", "--force", "-c", str(path))
    assert (forced.code, "a path of UNIX" in forced.err) == (0, True)
    assert path.read_bytes() == b"[Misc]\r\nToolsDir=/opt/luna\r\n"


def test_relocate_says_where_no_path_lies_below_either_directory(file: Path) -> None:
    file.write_bytes(b"Misc = {\n   ToolsDir = /opt/luna/bin;\n}\n")
    nothing = run("relocate", "/usr/luna/", "/srv", "-c", str(file))
    assert (nothing.code, nothing.out) == (0, f"{file}: no change needed\n")
    assert "no path lies below /usr/luna/, or below /srv" in nothing.err
    in_json = run("relocate", "/usr/luna", "/srv", "-c", str(file), "--format", "json")
    assert "no path lies below" in json.loads(in_json.out)["warnings"][0]
    so_already = run("relocate", "/usr/luna", "/opt/luna/", "-c", str(file))
    assert so_already == (0, f"{file}: no change needed\n", "")


def test_convert_names_the_command_that_moves_the_clients_directory_and_it_does(tmp_path: Path) -> None:
    unix, windows, back = (tmp_path / name for name in ("Chrystoki.conf", "crystoki.ini", "back.conf"))
    unix.write_bytes(b"Misc = {\n   ToolsDir = /usr/safenet/lunaclient/bin;\n}\n")
    for source, target, other in ((unix, windows, "C:\\Program Files\\SafeNet\\LunaClient\\bin"), (windows, back, "")):
        said = run("convert", str(source), str(target)).err
        command = shlex.split(said.partition("Run: ")[2])
        assert command[:2] == ["confkit", "relocate"]
        assert run(*command[1:]).code == 0
        assert confkit.load(target).get("Misc", "ToolsDir") == (other or "/usr/safenet/lunaclient/bin")
