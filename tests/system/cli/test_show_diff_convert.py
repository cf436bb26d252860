from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from confkit import load
from confkit.config.compare import differences
from testing.command import confkit
from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = sorted(
    path
    for path in (REPOSITORY / "samples").rglob("*")
    if path.suffix in {".conf", ".ini"} and "broken" not in path.parts
)
GROUP = b"""LunaSA Client = {
   ServerName00 = hsm-a.example;
   ServerPort00 = 1792;
   ServerName01 = hsm-b.example;
   ServerPort01 = many;
}
VirtualToken = {
   VirtualToken00Label = signing;
   VirtualToken00SN = 1154438865287;
   VirtualToken00Members = 154438865287, 154438865288;
}
HASynchronize = {
   signing = 1;
}
HAConfiguration = {
   signingStandbyMembers = 154438865288;
   statusTimeout = 8;
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(GROUP)
    return path


def test_show_json_is_the_file_and_its_meaning(file: Path) -> None:
    result = confkit("show", "-c", str(file), "--format", "json")
    assert result.code == 0
    seen = json.loads(result.out)
    assert seen["groups"] == [
        {
            "index": 0,
            "label": "signing",
            "serial": "1154438865287",
            "members": ["154438865287", "154438865288"],
            "standby": ["154438865288"],
            "synchronize": "1",
            "line": 8,
        }
    ]
    assert [(server["name"], server["port"]) for server in seen["servers"]] == [
        ("hsm-a.example", 1792),
        ("hsm-b.example", None),
    ]
    first = seen["timeouts"][0]
    assert (first["key"], first["value"], first["unit"], first["source"], first["line"]) == (
        "statusTimeout",
        "8",
        "s",
        "file",
        17,
    )
    assert seen["sections"][2]["entries"] == [{"name": "signing", "value": "1", "secret": False, "line": 13}]


def test_show_names_the_default(file: Path) -> None:
    file.write_bytes(GROUP.replace(b"   statusTimeout = 8;\n", b""))
    timeout = json.loads(confkit("show", "-c", str(file), "--format", "json").out)["timeouts"][0]
    assert (timeout["value"], timeout["source"], timeout["line"]) == ("3", "default", None)


def test_show_text_holds_groups_servers_and_timeouts(file: Path) -> None:
    text = confkit("show", "-c", str(file)).out
    for word in ("signing", "154438865288", "hsm-b.example", "statusTimeout", "8 s", "line 17", "20000 ms", "default"):
        assert word in text
    assert "\x1b" not in text


def test_show_survives_a_hostile_file(file: Path) -> None:
    file.write_bytes(b"VirtualToken = {\n VirtualToken00Label = \x1b[31m\xff;\n x = {\n\0")
    for form in ("text", "json"):
        result = confkit("show", "-c", str(file), "--format", form)
        assert (result.code, result.err.count("warning")) == (0, 1)
        assert "\x1b" not in result.out


def test_diff_compares_meaning(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.conf"
    sections = GROUP.replace(b"   ", b"").replace(b" = ", b"=").replace(b"={", b" = {").split(b"}\n")[:-1]
    other.write_bytes(b"# c\r\n" + b"}\n".join([*reversed(sections), b""]).replace(b"\n", b"\r\n"))
    assert confkit("diff", str(file), str(other)) == (0, "", "")
    other.write_bytes(GROUP.replace(b"= 8", b"= 9").replace(b"   ServerPort00 = 1792;\n", b""))
    result = confkit("diff", str(file), str(other))
    assert result.code == 1
    assert "HAConfiguration/statusTimeout\n  - 8 " in result.out
    assert "LunaSA Client/ServerPort00\n  - 1792 " in result.out
    found = json.loads(confkit("diff", str(file), str(other), "--format", "json").out)["differences"]
    assert found[1]["one"] == [{"value": "8", "line": 17}]
    assert found[1]["other"] == [{"value": "9", "line": 16}]


def test_diff_knows_that_the_platforms_spell_an_entry_differently(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_bytes(b"Luna = {\n CommandTimeOutPedSet = 1;\n}\n")
    (tmp_path / "b.ini").write_bytes(b"[luna]\ncommandtimeoutpedset=1\n")
    assert confkit("diff", str(tmp_path / "a.conf"), str(tmp_path / "b.ini")).code == 0


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_convert_there_and_back_gives_the_same_meaning(path: Path, tmp_path: Path) -> None:
    there, back = tmp_path / ("x.conf" if path.suffix == ".ini" else "x.ini"), tmp_path / f"back{path.suffix}"
    assert confkit("convert", str(path), str(there)).code == 0
    assert confkit("convert", str(there), str(back)).code == 0
    assert load(there).windows is (there.suffix == ".ini")
    for one, other in ((path, there), (there, back), (path, back)):
        assert differences(load(one), load(other)) == ()
    assert confkit("diff", str(path), str(back)).code == 0


def test_convert_keeps_comments_and_translates_spellings(tmp_path: Path) -> None:
    source = tmp_path / "a.conf"
    source.write_bytes(
        b"# top\nLuna = { // in the header\n   /* old\n   x = 1; */\n"
        b"   CommandTimeOutPedSet = 1; # why\n}; // end\n# last\n"
    )
    source.chmod(0o640)
    assert confkit("convert", str(source), str(tmp_path / "b.ini")).code == 0
    expected = "; top\n; in the header\n; old\n; x = 1;\n; why\n; end\n[Luna]\nCommandTimeoutPedSet=1\n\n; last"
    assert (tmp_path / "b.ini").read_bytes() == expected.replace("\n", "\r\n").encode()
    assert (tmp_path / "b.ini").stat().st_mode & 0o777 == 0o640
    assert confkit("convert", str(tmp_path / "b.ini"), str(tmp_path / "c.conf")).code == 0
    assert (tmp_path / "c.conf").read_bytes() == (
        b"# top\n# in the header\n# old\n# x = 1;\n# why\n# end\nLuna = {\n   CommandTimeOutPedSet = 1;\n}\n\n# last"
    )


@pytest.mark.parametrize(
    ("source", "target", "code", "message"),
    [
        (b"A = {\n x = 1;\n", "b.ini", 3, "no closing brace"),
        (b"A = {\n x = 1; y = 2;\n}\n", "b.ini", 3, "not converted"),
        (b"[A]\nx=a;b\n", "b.conf", 3, "cannot hold"),
        (b"LunaSA Client = {\n ReceiveTimeout = 20000 // default;\n}\n", "b.ini", 3, "a.conf:2: not converted: "),
        (b"", "b.ini", 3, "looks half written: it is empty"),
        (b" \n\n", "b.conf", 3, "looks half written: it is empty"),
        (b"\xef\xbb\xbf", "b.ini", 3, "looks half written: it "),
        (b"# the client's file\n", "b.ini", 3, "looks half written: it has no section"),
        (b"; the client's file\r\n", "b.conf", 3, "not converted"),
        (b"Misc = {\n}\nHAConf", "b.ini", 3, "not converted"),
        (b"A = {\n}\n", "b.txt", 2, "must end in"),
        (b"A = {\n}\n", "a.conf", 3, "a.conf"),
    ],
)
def test_convert_refuses_what_it_cannot_say_the_same_with(
    tmp_path: Path, source: bytes, target: str, code: int, message: str
) -> None:
    (tmp_path / "a.conf").write_bytes(source)
    result = confkit("convert", str(tmp_path / "a.conf"), str(tmp_path / target))
    assert result.code == code
    assert message in result.err
    assert (tmp_path / "a.conf").read_bytes() == source
    assert [path.name for path in tmp_path.iterdir()] == ["a.conf"]


def test_convert_warns_of_a_comment_that_may_be_meant(tmp_path: Path) -> None:
    source, target = tmp_path / "crystoki.ini", tmp_path / "b.conf"
    source.write_bytes(b"[Misc]\nToolsDir=C:\\Luna # ours\n")
    result = confkit("convert", str(source), str(target))
    assert result.code == 0
    assert result.err.startswith(f"confkit: warning: {source}:2: Misc/ToolsDir holds a comment: ")
    assert load(target).get("Misc", "ToolsDir") == "C:\\Luna # ours"


def test_diff_leaves_out_what_is_to_be_ignored(tmp_path: Path) -> None:
    one, other = tmp_path / "one.conf", tmp_path / "other.conf"
    source = "LunaSA Client = {\n   ClientPrivKeyFile = /a/%s.pem;\n   ServerName00 = %s;\n}\nMisc = {\n   ToolsDir = /%s;\n}\n"
    one.write_text(source % ("a", "a", "a"))
    other.write_text(source % ("b", "b", "b"))
    asked = ["diff", str(one), str(other)]
    assert [
        line for line in confkit(*asked, "--ignore-host-specific").out.splitlines() if "/" in line and ":" not in line
    ] == [
        "LunaSA Client/ServerName00",
        "Misc/ToolsDir",
    ]
    assert confkit(*asked, "--ignore-host-specific", "--ignore", "misc/*", "--ignore", "ServerName??") == (0, "", "")
    assert confkit(*asked, "--ignore", "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b").code == 1


MANIFEST = b"apiVersion: v1\nkind: Secret\nstringData:\n  Chrystoki.conf: |\n    " + GROUP.replace(b"\n", b"\n    ")


@pytest.mark.parametrize("name", ["secret.yaml", "rendered", "Chrystoki.conf"])
def test_a_manifest_is_not_read_as_a_configuration(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(MANIFEST)
    commands = [
        ("show", "-c", str(path)),
        ("redact", str(path)),
        ("preflight", "--offline", "-c", str(path)),
        ("get", "HAConfiguration", "statusTimeout", "-c", str(path)),
        ("server", "list", "-c", str(path)),
        ("ha", "list", "-c", str(path)),
        ("diff", str(path), str(path)),
    ]
    for command in commands:
        result = confkit(*command)
        assert (result.code, result.out) == (3, "")
        assert f"{path}: this is a manifest" in result.err


def test_what_is_no_configuration_is_not_equal_to_anything(tmp_path: Path, file: Path) -> None:
    one, other = tmp_path / "t1", tmp_path / "t2.conf"
    for first, second in ((b"a\n", b"b\n"), (b"root:x:0:0\n", b"root:x:0:\n"), (b"[client]\na=1\n", b"[Misc]\nb=1\n")):
        one.write_bytes(first)
        other.write_bytes(second)
        pairs = [(one, other), (one, one), (file, other), (other, file)]
        for each in pairs:
            result = confkit("diff", str(each[0]), str(each[1]))
            assert (result.code, result.out) == (3, "")
            assert "this does not look like a configuration file of the client" in result.err


READING = (
    ("show",),
    ("show", "--format", "json"),
    ("get", "HAConfiguration", "statusTimeout", "--default", "3"),
    ("get", "HAConfiguration", "statusTimeout", "--format", "json"),
    ("server", "list"),
    ("ha", "list"),
)


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("hostname", b"vm.example\n", "it has another name"),
        ("app.ini", b"[client]\na=1\n", "it has another name"),
        ("ls", b"\x7fELF\0\0\n", "it holds NUL bytes"),
        ("crystoki.ini", "[Chrystoki2]\r\nLibNT=c.dll\r\n".encode("utf-16"), "it holds NUL bytes"),
        ("Chrystoki.conf", b"vm.example\n", "text that is not read"),
        ("Chrystoki.conf", b"HAOnly = 1;\n", "text that is not read"),
        ("Chrystoki.conf", b"[managed by ansible]\n" + GROUP, "text that is not read"),
        ("Chrystoki.conf", b"Chrysto", "text that is not read"),
    ],
)
def test_commands_that_read_refuse_what_is_no_configuration(
    tmp_path: Path, name: str, source: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(source)
    for command in (*READING, ("diff", str(path))):
        result = confkit(*command, *([str(path)] if command[0] == "diff" else ["-c", str(path)]))
        assert (result.code, result.out) == (3, ""), command
        assert "this does not look like a configuration file of the client" in result.err
        assert said in result.err


def test_commands_that_read_warn_of_text_that_they_do_not_read(tmp_path: Path) -> None:
    path = tmp_path / "Chrystoki.conf"
    for source in (GROUP[:-3], GROUP + b"junk\n", GROUP + b"A = 1;\n", GROUP + b"}\n"):
        path.write_bytes(source)
        for command in READING:
            result = confkit(*command, "-c", str(path))
            assert result.code == 0, command
            assert f"confkit: warning: {path}:" in result.err
            assert "what cannot be read is left out" in result.err
    for source in (GROUP, b"", b"# nothing yet\n", b"Docker = {\n   Slot = 1;\n}\n"):
        path.write_bytes(source)
        assert [confkit(*command, "-c", str(path)).err for command in (*READING[:3], *READING[4:])] == [""] * 5


@pytest.mark.parametrize("rest", [b"junk\n }}}\n", b"Misc = {\n   ToolsDir = /a;\n", b"A = 1;\n", b"Misc = {\n x\n}\n"])
def test_a_side_with_problems_is_compared_with_a_warning(tmp_path: Path, file: Path, rest: bytes) -> None:
    broken = tmp_path / "broken.conf"
    broken.write_bytes(GROUP + rest)
    for pair in ((file, broken), (broken, file)):
        result = confkit("diff", *map(str, pair))
        assert result.code in {0, 1}
        assert f"warning: {broken}:" in result.err
        assert "confkit lint explains it" in result.err
        assert str(file) not in result.err
    assert confkit("diff", str(file), str(file)) == (0, "", "")
