"""Edits by intention are killed before every system call they make: the file is the old one or the new one, whole."""

from __future__ import annotations

import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from confkit.cli.application import single
from testing.programs import REPOSITORY
from testing.storage_faults import StorageFault, need_faults, run
from testing.storage_state import kept, names

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = (REPOSITORY / "samples" / "ha-group" / "Chrystoki.conf").read_bytes()
CHANGES = '[set.HAConfiguration]\nstatusTimeout = 33\n[set.REST]\nServerPort = 443\n[unset]\nMisc = ["MutexFolder"]\n'
FILE = "Chrystoki.conf"
LONG_AGO = (10**9, 10**9)  # a file of just now is read twice, so that runs would not make the same calls
VERBS = {
    "apply": ["apply", "{changes}"],
    "server-add": ["server", "add", "hsm9.example.com"],
    "server-remove": ["server", "remove", "hsm1.example.com"],
    "ha-create": ["ha", "create", "new", "--serial", "11530786119999", "--member", "1530786110427"],
    "ha-delete": ["ha", "delete", "payments-ha"],
    "relocate": ["relocate", "/usr/safenet/lunaclient", "/opt/luna"],
    "call-log": ["call-log", "on", "--file", "/var/log/luna/cklog.txt"],
}
WAYS = [(verb, "") for verb in VERBS] + [("apply", "--backup"), ("apply", "--in-place")]


def prepared(directory: Path) -> Path:
    directory.mkdir(parents=True)
    path = directory / FILE
    path.write_bytes(SOURCE)
    path.chmod(0o640)
    os.utime(path, LONG_AGO)
    return path


def edit(words: list[str], path: Path) -> object:
    """Run the command in this process; return its exit code."""
    verb, *rest = words
    return single(verb)([*rest, "-c", str(path)], standalone_mode=False)


@pytest.mark.parametrize(("verb", "option"), WAYS)
def test_an_edit_that_is_killed_at_any_call_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, verb: str, option: str
) -> None:
    need_faults()
    changes = tmp_path / "changes.toml"
    changes.write_text(CHANGES)
    words = [word.format(changes=changes) for word in [*VERBS[verb], *filter(None, [option])]]
    first = prepared(tmp_path / "first")
    assert edit(words, first) == 0  # imports what is imported late
    new = first.read_bytes()
    assert new != SOURCE
    usual = prepared(tmp_path / "usual")
    calls = run(lambda: edit(words, usual), lambda *_: None).calls
    seen = set()
    for position in range(len(calls)):
        path = prepared(tmp_path / "killed")
        before = kept(path)
        done = run(partial(edit, words, path), partial(_kill_at, position))
        content = path.read_bytes()
        if option != "--in-place":
            assert content in {SOURCE, new}, (position, calls[position])
        seen.add(content == new)
        if done.result is None or content == SOURCE:
            assert edit(["set-timeout", "44"], path) == 0  # which tidies up, and puts back what was half written
            assert path.read_bytes() in {_with_timeout(each) for each in (SOURCE, new)}, (position, calls[position])
        assert kept(path) == before
        assert {name for name in names(path.parent) if not name.endswith(".bak")} == {FILE}
        shutil.rmtree(path.parent)
    assert seen == {True, False}, "some were killed before the new content was there, some after"


def _kill_at(position: int, at: int, _name: str) -> StorageFault | None:
    return StorageFault.KILL if at == position else None


def _with_timeout(source: bytes) -> bytes:
    lines = source.splitlines(keepends=True)
    return b"".join(b"   statusTimeout = 44;\n" if b"statusTimeout" in line else line for line in lines)
