"""Inode flags are kept, or the edit is refused; a refused edit leaves no backup."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import FileError
from confkit.core.storage import atomic
from confkit.core.storage.attributes import flags
from testing.programs import needs, unmet
from testing.storage_edit import create_like, edit, write_in_place
from testing.storage_state import names, untouched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
NEW = b"HAConfiguration = {\n   statusTimeout = 10;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(OLD)
    yield path
    for each in (path, tmp_path):
        subprocess.run(["chattr", "-ia", str(each)], check=False, capture_output=True)


def change_flags(change: str, path: Path) -> None:
    """Call chattr(1); the test is not met where the file system or this user cannot."""
    needs("chattr")
    done = subprocess.run(["chattr", change, str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        unmet(f"needs a file system and a user for chattr {change}: {done.stderr.strip()}")


def flags_of(path: Path) -> int:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return flags(descriptor)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("letters", ["d", "A", "S", "dAS"])
def test_flags_are_kept_by_every_way_to_write(file: Path, letters: str) -> None:
    change_flags(f"+{letters}", file)
    before = flags_of(file)
    saved = edit(str(file), NEW, backup=True)
    assert saved is not None
    create_like(str(file.with_name("crystoki.ini")), NEW, str(file))
    write_in_place(str(file), OLD)
    shown = [flags_of(path) for path in (file, file.with_name("crystoki.ini"))]
    assert shown == [before, before]
    assert flags_of(file.parent / os.path.basename(saved)) == before


def test_flags_that_the_directory_hands_down_are_not_taken_over(file: Path) -> None:
    before = flags_of(file)
    change_flags("+d", file.parent)
    edit(str(file), NEW)
    assert flags_of(file) == before


@pytest.mark.parametrize("change", [edit, write_in_place])
@pytest.mark.parametrize("letter", ["a", "i"])
@pytest.mark.parametrize("what", ["file", "directory"])
def test_what_is_append_only_or_immutable_is_left_alone_and_nothing_beside_it(
    file: Path, change: Callable[..., str | None], letter: str, what: str
) -> None:
    if what == "directory" and change is write_in_place:
        return  # the file itself can be written; the journal goes elsewhere
    change_flags(f"+{letter}", file if what == "file" else file.parent)
    with untouched(file.parent), pytest.raises(FileError) as caught:
        change(str(file), NEW, backup=True)
    assert {"a": "append-only", "i": "immutable"}[letter] in caught.value.message
    assert "Nothing was changed." in caught.value.message


@pytest.mark.parametrize("step", ["temporary", "check_name", "rename_over"])
def test_a_refused_edit_leaves_no_backup(file: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(atomic, step)
    calls: list[int] = []

    def refuse(*arguments: object, **options: object) -> object:
        calls.append(1)
        if step == "temporary" and len(calls) == 1:  # that of the backup
            return real(*arguments, **options)
        assert any(name.endswith(".bak") for name in names(file.parent))
        raise FileError("refused. Nothing was changed.")

    monkeypatch.setattr(atomic, step, refuse)
    with pytest.raises(FileError, match="refused"):
        edit(str(file), NEW, backup=True)
    assert (file.read_bytes(), names(file.parent)) == (OLD, {file.name})


def test_a_file_that_changed_while_the_backup_was_made_leaves_none(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic.back_up

    def back_up_and_change(*arguments: object) -> str:
        saved = real(*arguments)  # type: ignore[arg-type] # passed on as they are
        shutil.copy(file, file.with_name("other"))
        os.replace(file.with_name("other"), file)
        return saved

    monkeypatch.setattr(atomic, "back_up", back_up_and_change)
    with pytest.raises(FileError, match="was modified"):
        edit(str(file), NEW, backup=True)
    assert names(file.parent) == {file.name}
