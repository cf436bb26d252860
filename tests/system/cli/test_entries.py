"""get, set and unset."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from confkit.core.catalogue import secret_names
from testing.command import confkit

CANARY = "s3cr3t-canary-7719"
SOURCE = f"""Luna = {{
   DefaultTimeOut = 500000;
}}
HAConfiguration = {{
   HAOnly = 1;
}}
REST = {{
   # AuthTokenClientSecret = {CANARY};
   AuthTokenClientSecret = {CANARY};
   CVAppSpecificData = {CANARY};
   AuthTokenClientId = me;
}}
""".encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(SOURCE)
    return path


def test_get_prints_the_value_alone(file: Path) -> None:
    assert confkit("get", "HAConfiguration", "HAOnly", "-c", str(file)) == (0, "1\n", "")


def test_get_of_an_absent_entry(file: Path) -> None:
    result = confkit("get", "HAConfiguration", "haonly", "-c", str(file))
    assert (result.code, result.out) == (1, "")
    assert "no entry haonly in section HAConfiguration" in result.err
    assert confkit("get", "HAConfiguration", "x", "--default", "7", "-c", str(file)) == (0, "7\n", "")


def test_get_names_the_line_that_hides_an_entry(file: Path) -> None:
    file.write_bytes(b"Luna = {\n   a = 1; HAOnly = 1;\n}\n")
    assert "line 2 names it" in confkit("get", "Luna", "HAOnly", "-c", str(file)).err


def test_get_json(file: Path) -> None:
    result = confkit("get", "HAConfiguration", "HAOnly", "-c", str(file), "--format", "json")
    assert json.loads(result.out) == {
        "version": 1,
        "path": str(file),
        "section": "HAConfiguration",
        "key": "HAOnly",
        "value": "1",
        "line": 5,
    }
    absent = confkit("get", "HAConfiguration", "x", "-c", str(file), "--format", "json")
    assert (absent.code, json.loads(absent.out)["value"]) == (1, None)


def test_get_is_byte_exact(file: Path) -> None:
    file.write_bytes(b"Misc = {\n   ToolsDir = /caf\xc3\xa9/\xff\x1b[31m;\n}\n")
    assert confkit("get", "Misc", "ToolsDir", "-c", str(file)).out.encode("utf-8", "surrogateescape") == (
        b"/caf\xc3\xa9/\xff\x1b[31m\n"
    )


def test_set_changes_and_adds(file: Path) -> None:
    assert confkit("set", "HAConfiguration", "reconnAtt", "-1", "-c", str(file)).code == 0
    assert confkit("set", "HAConfiguration", "HAOnly", "0", "-c", str(file), "--backup").code == 0
    assert b"   HAOnly = 0;\n   reconnAtt = -1;\n}" in file.read_bytes()
    assert len(list(file.parent.iterdir())) == 2
    assert confkit("set", "HAConfiguration", "statusTimeout", "60", "-c", str(file)).code == 0
    assert confkit("get", "HAConfiguration", "statusTimeout", "-c", str(file)).out == "60\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("HAConfiguration", "ReconnAtt", "5"), "did you mean reconnAtt?"),
        (("HAConfiguraton", "HAOnly", "1"), "did you mean HAConfiguration?"),
        (("Luna", "Zzz", "1"), "no entry Zzz"),
        (("HAConfiguration", "HAOnly", "maybe"), "must be 0 or 1"),
        (("HAConfiguration", "statusTimeout", "61", "--force"), "from 3 to 60"),
        (("HAConfiguration", "STATUSTIMEOUT", "99", "--force"), "from 3 to 60"),
        (("Misc", "ToolsDir", "/a;b"), "cannot hold"),
        (("Misc", "ToolsDir", "a\nb"), "control characters"),
        (("Misc", "To=ols", "a", "--force"), "cannot be the name"),
    ],
)
def test_set_refuses_and_touches_nothing(file: Path, arguments: tuple[str, ...], message: str) -> None:
    result = confkit("set", *arguments, "-c", str(file))
    assert result.code == 2
    assert message in result.err
    assert file.read_bytes() == SOURCE


def test_set_of_an_unsure_fact_is_a_warning(file: Path) -> None:
    result = confkit("set", "HAConfiguration", "AutoReconnectInterval", "30", "-c", str(file))
    assert result.code == 0
    assert "warning" in result.err
    assert b"AutoReconnectInterval = 30;" in file.read_bytes()


def test_force_sets_an_unknown_entry_and_section(file: Path) -> None:
    assert confkit("set", "Docker", "Slot", "1", "--force", "-c", str(file)).code == 0
    assert file.read_bytes() == SOURCE + b"Docker = {\n   Slot = 1;\n}\n"


def test_unset(file: Path) -> None:
    assert confkit("unset", "Luna", "DefaultTimeOut", "-c", str(file)).code == 0
    assert b"Luna = {\n}\n" in file.read_bytes()
    again = confkit("unset", "Luna", "DefaultTimeOut", "-c", str(file))
    assert (again.code, "unchanged" in again.out) == (0, True)


@pytest.mark.parametrize("name", secret_names())
def test_no_command_shows_a_secret(file: Path, name: str, tmp_path: Path) -> None:
    other = tmp_path / "other.conf"
    other.write_bytes(SOURCE.replace(CANARY.encode(), CANARY.encode() + b"2"))
    target = str(tmp_path / "crystoki.ini")
    commands = [
        ("get", "REST", name),
        ("get", "REST", name, "--format", "json"),
        ("show",),
        ("show", "--format", "json"),
        ("set", "REST", name, "-", "--diff", "--dry-run"),
        ("set", "REST", "AuthTokenClientId", "you", "--diff", "--dry-run"),
        ("unset", "REST", name, "--diff", "--dry-run"),
        ("unset", "REST", "CVAppSpecificData", "--diff", "--dry-run"),
    ]
    results = [confkit(*command, "-c", str(file), stdin=f"{CANARY}3\n") for command in commands]
    results += [confkit("diff", str(file), str(other)), confkit("diff", str(file), str(other), "--format", "json")]
    results += [confkit("convert", str(file), target)]
    assert [result for result in results if CANARY in result.out + result.err] == []
    assert results[0].code == 2
    assert CANARY.encode() in Path(target).read_bytes()


def test_an_edit_of_one_entry_as_json_has_its_warnings_and_no_secret(file: Path) -> None:
    asked = ("-c", str(file), "--format", "json", "--diff")
    done = confkit("set", "HAConfiguration", "AutoReconnectInterval", "30", *asked)
    said = json.loads(done.out)
    assert (done.code, said["written"], said["changes"][0]["other"]) == (0, True, [{"value": "30", "line": 6}])
    assert ["as far as is known" in warning for warning in said["warnings"]] == [True]
    secret = confkit("set", "REST", "AuthTokenClientSecret", "-", *asked, stdin=f"{CANARY}3\n")
    assert (secret.code, json.loads(secret.out)["changes"][0]["other"][0]["value"]) == (0, None)
    assert CANARY not in secret.out
    idle = confkit("set-timeout", "10", *asked)
    assert "no HA group in it" in json.loads(idle.out)["warnings"][0]
    absent = confkit("unset", "HAConfiguration", "HAOnyl", *asked)
    assert json.loads(absent.out)["warnings"] == ["no entry HAOnyl in section HAConfiguration; did you mean HAOnly?"]
    assert json.loads(absent.out)["changed"] is False


def test_a_secret_is_set_from_standard_input(file: Path) -> None:
    assert confkit("set", "REST", "AuthTokenClientSecret", "-", "-c", str(file), stdin="new\n").code == 0
    assert b"   AuthTokenClientSecret = new;\n" in file.read_bytes()


def test_get_set_and_unset_say_which_entry_was_meant(file: Path) -> None:
    for command in (("get", "HAConfiguration", "HAOnyl"), ("unset", "HAConfiguration", "HAOnyl")):
        assert "did you mean HAOnly?" in confkit(*command, "-c", str(file)).err
    assert "did you mean HAOnly?" in confkit("set", "HAConfiguration", "HAOnyl", "1", "-c", str(file)).err
    assert "did you mean HAConfiguration?" in confkit("get", "HAConfiguraton", "HAOnly", "-c", str(file)).err
    assert file.read_bytes() == SOURCE


def test_setting_what_is_so_already_says_so(file: Path) -> None:
    done = confkit("set", "HAConfiguration", "HAOnly", "1", "-c", str(file))
    assert done == (0, f"{file}: already 1; file unchanged\n", "")
