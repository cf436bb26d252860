# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.confkit.luna.plugins.module_utils import edit
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import FileError, UsageError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import Document, set_entry

SOURCE = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"


def to_ten(document: Document) -> Document:
    return set_entry(document, "HAConfiguration", "statusTimeout", "10")


def agree(before: bytes, after: bytes) -> None:
    assert before != after


def refuse(before: bytes, after: bytes) -> None:
    raise UsageError(f"{len(before)} or {len(after)}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(SOURCE)
    return path


def test_edit_replaces_the_file_and_keeps_a_backup(path: Path) -> None:
    outcome = edit.edit(str(path), to_ten, agree, backup=True)
    assert path.read_bytes() == outcome.after == SOURCE.replace(b"3", b"10")
    with open(outcome.backup, "rb") as backup:
        assert backup.read() == outcome.before == SOURCE


def test_no_change_asks_nobody_and_writes_nothing(path: Path) -> None:
    edit.edit(str(path), to_ten, agree, backup=False)
    inode = os.stat(path).st_ino
    outcome = edit.edit(str(path), to_ten, refuse, backup=True)
    assert (outcome.before, outcome.backup) == (outcome.after, None)
    assert os.stat(path).st_ino == inode


def test_refused_approval_leaves_the_file(path: Path) -> None:
    with pytest.raises(UsageError):
        edit.edit(str(path), to_ten, refuse, backup=True)
    assert path.read_bytes() == SOURCE
    assert os.listdir(path.parent) == [path.name]


def test_a_file_not_safe_to_edit_is_refused_with_its_lines(path: Path) -> None:
    path.write_bytes(b"HAConfiguration = {\n statusTimeout = 3;\n statusTimeout = 4;\n}\n")
    with pytest.raises(FileError) as error:
        edit.predict(str(path), to_ten)
    assert "(lines 2, 3)" in str(error.value)


def test_messages_speak_of_the_module() -> None:
    error = FileError("there is none. Name a file with -c, or see --in-place", path="/x -c")
    expected = "/x -c: there is none. Name a file with the option path, or see confkit set --in-place"
    assert edit.message_of(error) == expected
