"""chrystoki_entry as a process, on the oldest Python it supports and on this one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_running import Finished, run_module
from testing.programs import REPOSITORY, needs, needs_root
from testing.storage_edit import leave_journal

SOURCE = b"HAConfiguration = {\r\n   HAOnly = 1;\r\n   statusTimeout = 3; # once 5\r\n}\r\n"
TIMEOUT = {"section": "HAConfiguration", "key": "statusTimeout"}
SECRET = {"section": "REST", "key": "AuthTokenClientSecret"}
CANARY = "Kanarie4711vogel"

BROKEN = {
    "twice": b"HAConfiguration = {\n statusTimeout = 3;\n statusTimeout = 4;\n}\n",
    "two sections": b"HAConfiguration = {\n}\nHAConfiguration = {\n}\n",
    "unclosed": b"HAConfiguration = {\n HAOnly = 1;\n",
    "hidden behind a semicolon": b"HAConfiguration = {\n HAOnly = 1; statusTimeout = 4;\n}\n",
    "beside a brace": b"HAConfiguration = { statusTimeout = 4; }\n",
    "nested": b"HAConfiguration = {\n Inner = {\n }\n}\n",
    "NUL bytes": "HAConfiguration = {\n}\n".encode("utf-16"),
    "not closed, elsewhere": b"Misc = {\n ToolsDir = /x;\n",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "luna" / "Chrystoki.conf"
    path.parent.mkdir()
    path.write_bytes(SOURCE)
    return path


def entry(python: str, root: Path, path: Path, **arguments: Any) -> Finished:
    return run_module(python, root, "chrystoki_entry", {"path": str(path), **arguments})


def state_of(path: Path) -> tuple[Any, ...]:
    status = path.stat()
    return path.read_bytes(), status.st_ino, status.st_mtime_ns, status.st_ctime_ns, sorted(os.listdir(path.parent))


def confkit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "confkit", *arguments], capture_output=True, text=True, check=False)


def test_sets_the_value_and_nothing_else(python: str, root: Path, file: Path) -> None:
    file.chmod(0o640)
    done = entry(python, root, file.parent, **TIMEOUT, value=10, backup=True)
    assert done.result["changed"] is True
    assert done.result["path"] == str(file)
    assert file.read_bytes() == SOURCE.replace(b"= 3;", b"= 10;")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    backup = Path(done.result["backup_file"])
    assert (backup.read_bytes(), stat.S_IMODE(backup.stat().st_mode)) == (SOURCE, 0o640)
    before = state_of(file)
    again = entry(python, root, file, **TIMEOUT, value="10", backup=True)
    assert again.result["changed"] is False
    assert "backup_file" not in again.result
    assert state_of(file) == before


def test_check_mode_predicts_and_writes_nothing(python: str, root: Path, file: Path) -> None:
    before = state_of(file)
    asked = {**TIMEOUT, "value": 10, "backup": True, "validate": "false %s", "_ansible_diff": True}
    predicted = entry(python, root, file, **asked, _ansible_check_mode=True)
    assert state_of(file) == before
    assert predicted.result["changed"] is True
    assert "backup_file" not in predicted.result
    done = entry(python, root, file, **{**asked, "validate": "true %s"})
    assert done.result["diff"] == predicted.result["diff"]
    assert done.result["diff"]["before"].splitlines()[2] == "   statusTimeout = 3; # once 5"
    assert done.result["diff"]["after"].splitlines()[2] == "   statusTimeout = 10; # once 5"
    unchanged = entry(python, root, file, **asked, _ansible_check_mode=True)
    assert unchanged.result["changed"] is False
    assert unchanged.result["diff"]["before"] == unchanged.result["diff"]["after"]


def test_absent_removes_and_is_idempotent(python: str, root: Path, file: Path) -> None:
    assert entry(python, root, file, **TIMEOUT, state="absent").result["changed"] is True
    assert b"statusTimeout" not in file.read_bytes()
    before = state_of(file)
    assert entry(python, root, file, **TIMEOUT, state="absent").result["changed"] is False
    assert state_of(file) == before


def test_a_new_section_in_a_windows_file(python: str, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "crystoki.ini"
    path.write_bytes(b"[Misc]\r\nToolsDir=C:\\x\r\n")
    assert entry(python, root, tmp_path, **TIMEOUT, value=10).result["changed"] is True
    assert path.read_bytes() == b"[Misc]\r\nToolsDir=C:\\x\r\n\r\n[HAConfiguration]\r\nstatusTimeout=10\r\n"
    asked = {"section": "haconfiguration", "key": "STATUSTIMEOUT", "value": 61, "force": True}
    assert "from 3 to 60" in entry(python, root, path, **asked).result["msg"]


@pytest.mark.parametrize("value", ["2", "61", "0", "-1", "3.5", "010", "", "10s", "1e1", "\uff11\uff10"])
def test_a_timeout_out_of_bounds_changes_nothing(value: str, root: Path, file: Path) -> None:
    before = state_of(file)
    for force in (False, True):
        done = entry(sys.executable, root, file, **TIMEOUT, value=value, force=force)
        assert done.result["failed"] is True
        assert "must be a whole number of seconds from 3 to 60" in done.result["msg"]
    assert state_of(file) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"section": "HAConfiguration", "key": "HAOnly", "value": "yes"}, "HAConfiguration/HAOnly must be 0 or 1"),
        ({"section": "HAConfiguration", "key": "StatusTimeOuts", "value": "5"}, "did you mean statusTimeout?"),
        ({"section": "HAConfigurations", "key": "HAOnly", "value": "1"}, "did you mean HAConfiguration?"),
        ({"section": "HAConfiguration", "key": "ReconnAtt", "value": "5"}, "did you mean reconnAtt?"),
        ({"section": "A = {", "key": "x", "value": "1", "force": True}, "cannot be the name of a section"),
        ({"section": "Misc", "key": "ToolsDir", "value": "a;b"}, "cannot hold `;`"),
        ({"section": "Misc", "key": "ToolsDir", "value": "a\nStatus = 1"}, "no control characters"),
        ({"section": "Misc", "key": "ToolsDir"}, "state is present but all of the following are missing: value"),
        ({"section": "Misc", "key": "ToolsDir", "value": "/x", "state": "absent"}, "Leave value out"),
        ({"section": "Misc", "key": "ToolsDir", "value": "/x", "validate": "true"}, "validate needs %s"),
        ({"section": "Misc", "key": "ToolsDir", "value": "/x", "validate": "/no/such %s"}, "validate cannot be run"),
        ({"section": "Misc", "key": "ToolsDir", "value": "/x", "validate": "unclosed '%s"}, "validate cannot be run"),
        ({"section": "Misc", "key": "ToolsDir", "value": "/x", "validate": "false %s"}, "validate ended with 1"),
    ],
)
def test_wrong_arguments_change_nothing(arguments: dict[str, Any], said: str, root: Path, file: Path) -> None:
    before = state_of(file)
    done = entry(sys.executable, root, file, **arguments)
    assert done.result["failed"] is True
    assert said in done.result["msg"]
    assert state_of(file) == before


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_file_not_safe_to_edit_is_refused_in_the_words_of_confkit(source: bytes, root: Path, file: Path) -> None:
    file.write_bytes(source)
    before = state_of(file)
    said = entry(sys.executable, root, file, **TIMEOUT, value=10)
    theirs = confkit("set-timeout", "10", "-c", str(file), "--dry-run")
    if theirs.returncode == 0:
        assert said.result["changed"] is True
        return
    words = " ".join(theirs.stderr.split()).replace("--create or --force", "the option create or the option force")
    assert said.result["msg"] in words
    assert state_of(file) == before


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("deployment.yaml", b"apiVersion: v1\nkind: ConfigMap\n", "this is a manifest"),
        ("hostname", b"vm.example\n", "does not look like a configuration file of the client"),
        ("Chrystoki.conf", b"", "it is empty"),
    ],
)
def test_the_module_edits_nothing_that_the_command_does_not(
    name: str, source: bytes, said: str, root: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(source)
    before = state_of(path)
    for check in (True, False):
        done = entry(sys.executable, root, path, **TIMEOUT, value=10, _ansible_check_mode=check)
        assert done.result["failed"] is True
        assert said in done.result["msg"]
        assert "--" not in done.result["msg"].replace("--from-file", "").replace("--dry-run=client", "")
    assert state_of(path) == before
    forced = entry(sys.executable, root, path, **TIMEOUT, value=10, **{"force" if source else "create": True})
    assert forced.result["changed"] is True


def test_what_an_interrupted_edit_has_left_is_put_right_first(root: Path, file: Path) -> None:
    old, new = SOURCE, SOURCE.replace(b"= 3", b"= 20")
    leave_journal(str(file), old, new)
    file.write_bytes(new[: len(old)])
    done = entry(sys.executable, root, file, section="HAConfiguration", key="HAOnly", value="0")
    assert file.read_bytes() == SOURCE.replace(b"HAOnly = 1", b"HAOnly = 0")
    assert "the old content was put back" in str(done.result["warnings"])
    assert os.listdir(file.parent) == [file.name]


def test_a_file_that_is_not_there(python: str, root: Path, tmp_path: Path) -> None:
    missing = entry(python, root, tmp_path / "none.conf", **TIMEOUT, value=10)
    assert "there is no such file. Name one that exists with the option path" in missing.result["msg"]
    empty = entry(python, root, tmp_path, **TIMEOUT, value=10)
    assert "no Chrystoki.conf or crystoki.ini in the directory that the option path names" in empty.result["msg"]
    assert os.listdir(tmp_path) == []


def test_no_luna_file(python: str, root: Path, tmp_path: Path) -> None:
    for name, source in {"binary.conf": bytes(range(256)), "folder.conf": None}.items():
        path = tmp_path / name
        path.mkdir() if source is None else path.write_bytes(source)
        done = entry(python, root, path, **TIMEOUT, value=10)
        assert done.result["failed"] is True
        assert "Traceback" not in done.output
        assert source is None or path.read_bytes() == source


def test_no_permission(root: Path, file: Path, tmp_path: Path) -> None:
    needs("setpriv")
    needs_root("only root may become another user")
    for folder in (tmp_path, root):
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and parent != Path("/") and "pytest" in str(parent):
                parent.chmod(0o755)
    before = state_of(file)
    arguments = json.dumps(
        {"ANSIBLE_MODULE_ARGS": {"path": str(file), **TIMEOUT, "value": "10", "_ansible_remote_tmp": str(root)}}
    )
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m"]
    done = subprocess.run(
        [*command, "ansible_collections.confkit.luna.plugins.modules.chrystoki_entry"],
        input=arguments,
        env={"PYTHONPATH": str(root), "HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "there is no permission to write in its directory" in json.loads(done.stdout)["msg"], done.stderr
    assert state_of(file) == before


def test_the_environment_says_where_the_file_is(root: Path, file: Path) -> None:
    variable = {"ChrystokiConfigurationPath": str(file.parent)}
    done = run_module(sys.executable, root, "chrystoki_entry", {**TIMEOUT, "value": "4"}, variable)
    assert done.result["path"] == str(file)
    assert b"= 4;" in file.read_bytes()


def test_a_link_stays_a_link_and_attributes_stay(python: str, root: Path, file: Path) -> None:
    os.setxattr(file, "user.note", b"kept")
    link = file.parent.parent / "Chrystoki.conf"
    link.symlink_to(file)
    assert entry(python, root, link, **TIMEOUT, value=10).result["changed"] is True
    assert link.is_symlink()
    assert (os.getxattr(file, "user.note"), file.read_bytes()) == (b"kept", SOURCE.replace(b"= 3;", b"= 10;"))


def test_a_hard_link_is_refused_with_a_way_out(root: Path, file: Path) -> None:
    os.link(file, file.parent / "other")
    before = state_of(file)
    done = entry(sys.executable, root, file, **TIMEOUT, value=10)
    assert "2 hard links" in done.result["msg"]
    assert state_of(file) == before


def test_validate_gets_a_private_copy_of_the_new_file_without_a_shell(python: str, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "with blank"
    folder.mkdir()
    file = folder / "Chrystoki.conf"
    file.write_bytes(SOURCE)
    seen = tmp_path / "seen"
    looker = tmp_path / "looker"
    looker.write_text(f'#!/bin/sh\nstat -c \'%a %n\' "$1" > {seen}\ncat "$1" >> {seen}\necho "$2" >> {seen}\n')
    looker.chmod(0o755)
    done = entry(python, root, file, **TIMEOUT, value=10, validate=f"{looker} %s $(reboot)")
    assert done.result["changed"] is True
    first, *rest = seen.read_bytes().split(b"\n", 1)
    assert first.startswith(b"600 ")
    assert first.endswith(b"/Chrystoki.conf")
    assert rest[0] == SOURCE.replace(b"= 3;", b"= 10;") + b"$(reboot)\n"
    assert not Path(first.split(b" ", 1)[1].decode()).parent.exists()


def test_an_unknown_entry_can_be_forced(python: str, root: Path, file: Path) -> None:
    asked = {"section": "Lab", "key": "Own", "value": "x"}
    assert "The option force sets it all the same" in entry(python, root, file, **asked).result["msg"]
    assert entry(python, root, file, **asked, force=True).result["changed"] is True
    assert file.read_bytes().endswith(b"Lab = {\r\n   Own = x;\r\n}\r\n")


def test_a_value_beyond_bounds_that_are_not_certain_is_a_warning(root: Path, file: Path) -> None:
    asked = {"section": "HAConfiguration", "key": "AutoReconnectInterval", "value": "1300"}
    done = entry(sys.executable, root, file, **asked)
    assert done.result["changed"] is True
    assert "as far as is known" in json.dumps(done.result["warnings"])
    theirs = confkit("set", asked["section"], asked["key"], asked["value"], "-c", str(file))
    assert "as far as is known" in theirs.stderr


_SPY = """
import runpy, sys, syslog
log = open(sys.argv.pop(1), "a")
syslog.syslog = lambda *what: print(*what, file=log)
runpy.run_module("ansible_collections.confkit.luna.plugins.modules.chrystoki_entry", run_name="__main__")
"""
_OTHER = "Ander9Geheimnis"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"key": "authTOKENclientsecret2", "force": True},
        {"key": "CVAppSpecificData", "section": "XTC"},
        {"validate": "cat %s"},
        {"validate": "sh -c 'cat %s >&2; false'"},
        {"section": None},
        {"state": "wrong"},
        {"state": "absent"},
        {"value": CANARY + ";"},
        {"value": [CANARY]},
        {"path": "/no/such"},
        {"_ansible_check_mode": True},
    ],
    ids=str,
)
def test_a_secret_is_never_seen(arguments: dict[str, Any], python: str, root: Path, file: Path, tmp_path: Path) -> None:
    """Neither the new value nor the old one: not in the result, the difference, the invocation or the system log."""
    file.write_bytes(
        f"REST = {{\n   AuthTokenClientSecret = {_OTHER};\n   # AuthTokenClientSecret = {_OTHER};\n}}\n".encode()
    )
    asked: dict[str, Any] = {
        "path": str(file),
        **SECRET,
        "value": CANARY,
        "_ansible_diff": True,
        "_ansible_verbosity": 4,
    }
    asked = {name: value for name, value in {**asked, **arguments}.items() if value is not None}
    done = subprocess.run(
        [python, "-c", _SPY, str(tmp_path / "log")],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {**asked, "_ansible_remote_tmp": str(tmp_path / "remote")}}),
        env={"PYTHONPATH": str(root), "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    result = json.loads(done.stdout)
    seen = done.stdout + done.stderr + (tmp_path / "log").read_text()
    assert CANARY not in seen
    assert _OTHER not in seen
    if not arguments:
        assert result["changed"] is True
        assert CANARY.encode() in file.read_bytes()
        assert "AuthTokenClientSecret = ******** (another value);" in result["diff"]["after"]


def test_what_is_no_secret_is_logged(root: Path, file: Path, tmp_path: Path) -> None:
    """The test above would pass as well if nothing were ever logged."""
    arguments = {"path": str(file), **TIMEOUT, "value": "17", "_ansible_remote_tmp": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", _SPY, str(tmp_path / "log")],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        env={"PYTHONPATH": str(root), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "value=17" in (tmp_path / "log").read_text()


def test_the_samples_can_all_be_edited_as_confkit_does(root: Path, tmp_path: Path) -> None:
    """One table of names stands for the way of a file through module and command: the bytes are the same."""
    for sample in ("ha-group/Chrystoki.conf", "windows/crystoki.ini", "cloud/Chrystoki.conf"):
        source = (REPOSITORY / "samples" / sample).read_bytes()
        ours, theirs = (tmp_path / side / Path(sample).name for side in ("ours", "theirs"))
        for path in (ours, theirs):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(source)
        entry(sys.executable, root, ours, **TIMEOUT, value=33)
        assert confkit("set-timeout", "33", "-c", str(theirs)).returncode == 0
        assert ours.read_bytes() == theirs.read_bytes() != source
