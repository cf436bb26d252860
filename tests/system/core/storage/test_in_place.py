from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.config.edit import EditOptions, edit, set_in_file
from confkit.core.errors import FileError
from confkit.core.storage import in_place as inplace
from confkit.core.storage import journal as journals
from confkit.core.storage.journal import find_journal, journal_of, put_journal
from confkit.core.storage.lock import Waiting, edit_lock, lock
from confkit.core.storage.snapshot import Snapshot, check_name, take
from confkit.core.syntax import set_entry
from testing.command import confkit
from testing.programs import REPOSITORY, interpreter
from testing.storage_child import (
    SOMEBODY,
    among_private_mounts,
    as_somebody,
    forked,
    mount,
    need_root,
    open_to_all,
)
from testing.storage_edit import leave_journal, write_in_place
from testing.storage_state import ACL, acl, kept, names, set_extended, untouched

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.storage.journal import Contents
    from confkit.core.storage.walk import Place
    from confkit.core.syntax import Document

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
NEW = b"HAConfiguration = {\n   statusTimeout = 10;\n}\n"
BOTH = (OLD, NEW)
NEXT = b"HAConfiguration = {\n   statusTimeout = 20;\n}\n"
HALF = NEW[:-1]  # a byte longer than the old one, and its last byte not written yet: "}" for "}\n"
JOURNAL = ".Chrystoki.conf.confkit-journal"
BYTES = st.binary(max_size=40)
SECTOR = 512
BLOCKS = st.lists(st.sampled_from([b"a" * 300, b"b" * 512, b"c"]), max_size=5).map(b"".join)


@pytest.fixture(autouse=True)
def state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "confkit"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "directory" / "Chrystoki.conf"
    path.parent.mkdir()
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


def write(path: Path, new: bytes = NEW, *, backup: bool = False) -> str | None:
    return write_in_place(str(path), new, backup=backup)


def recover(path: Path) -> str | None:
    with edit_lock(str(path)) as place:
        journal = journal_of(place)
        return None if journal is None else inplace.recover(place, journal)


def refusal(function: Callable[[], object]) -> str:
    with pytest.raises(FileError) as caught:
        function()
    assert caught.value.message.count(". ") >= 1, "one sentence says what is wrong, one what to do"
    return str(caught.value)


def interrupt(path: Path, now: bytes, contents: tuple[bytes, bytes] = BOTH) -> Path:
    """Leave what a run that was killed leaves."""
    path.write_bytes(now)
    leave_journal(str(path), *contents)
    return path.with_name(f".{path.name}.confkit-journal")


def put(kind: str, path: Path, other: Path) -> None:
    """Put something else under the name of a file that was moved away."""
    if kind == "exchanged":
        shutil.copy2(other, path)
    elif kind == "link":
        path.symlink_to(other.name)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()


# --- write ---


@given(old=BYTES, new=BYTES, backup=st.booleans())
@settings(max_examples=40)
def test_any_bytes_are_written_over_any_and_the_file_stays_the_same(old: bytes, new: bytes, *, backup: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "Chrystoki.conf")
        path.write_bytes(old)
        before = path.stat()
        saved = write(path, new, backup=backup)
        assert path.read_bytes() == new
        assert path.stat().st_ino == before.st_ino
        assert (saved is not None) == (backup and old != new)
        assert saved is None or Path(saved).read_bytes() == old
        assert names(Path(directory)) == {"Chrystoki.conf"} | ({os.path.basename(saved)} if saved else set())
        assert old != new or path.stat().st_mtime_ns == before.st_mtime_ns


def test_owner_mode_acl_and_attributes_stay(file: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, SOMEBODY, 2345)
    set_extended(file, "user.origin", b"here")
    set_extended(file, ACL, acl(SOMEBODY))
    before = kept(file)
    write(file)
    assert (file.read_bytes(), kept(file)) == (NEW, before)


def test_every_hard_link_and_symbolic_link_shows_the_new_content(file: Path) -> None:
    other = file.with_name("other.conf")
    os.link(file, other)
    (file.parent / "link").symlink_to("other.conf")
    message = refusal(lambda: set_in_file(str(file), "HAConfiguration", "statusTimeout", "10"))
    assert "2 hard links" in message
    assert "--in-place" in message
    write(file.parent / "link")
    assert (file.read_bytes(), other.read_bytes(), other.stat().st_nlink) == (NEW, NEW, 2)


def test_somebody_who_may_write_the_file_alone_keeps_the_journal_in_the_state_directory() -> None:
    need_root("makes a directory that belongs to root")

    def edit(directory: Path) -> tuple[str, list[str]]:
        path = directory / "etc" / "Chrystoki.conf"
        os.environ["XDG_STATE_HOME"] = str(directory / "state")
        message = refusal(lambda: set_in_file(str(path), "HAConfiguration", "statusTimeout", "10"))
        seen = []
        overwrite = inplace._overwrite

        def look_and_overwrite(file: int, data: bytes, first: int) -> None:
            seen.append(str(find_journal(str(path))))
            overwrite(file, data, first)

        inplace._overwrite = look_and_overwrite  # in this process alone, which ends with the test
        set_in_file(str(path), "HAConfiguration", "statusTimeout", "10", EditOptions(in_place=True))
        assert not os.listdir(directory / "state" / "confkit")
        assert stat.S_IMODE((directory / "state" / "confkit").stat().st_mode) == 0o700
        return message, seen

    with open_to_all() as directory:
        (directory / "etc").mkdir()
        path = directory / "etc" / "Chrystoki.conf"
        path.write_bytes(OLD)
        os.chown(path, SOMEBODY, SOMEBODY)
        message, seen = forked(lambda: as_somebody(lambda: edit(directory)))
        assert "Where the file itself can be written, --in-place does it. Nothing was changed." in message
        assert seen == [f"{directory}/state/confkit/.{str(path).replace('/', '%2F')}.confkit-journal"]
        assert (path.read_bytes(), path.stat().st_uid) == (NEW, SOMEBODY)


@pytest.mark.parametrize("wrong", ["a file", "writable by others", "of root"])
def test_a_state_directory_that_is_not_private_is_refused(wrong: str) -> None:
    need_root("makes a directory that belongs to root")
    with open_to_all() as directory:
        (directory / "etc").mkdir()
        path = directory / "etc" / "Chrystoki.conf"
        path.write_bytes(OLD)
        os.chown(path, SOMEBODY, SOMEBODY)
        state = directory / "state" / "confkit"
        state.parent.mkdir()
        state.touch() if wrong == "a file" else state.mkdir()
        if wrong == "writable by others":
            os.chown(state, SOMEBODY, SOMEBODY)
            state.chmod(0o770)

        def edit() -> str:
            os.environ["XDG_STATE_HOME"] = str(directory / "state")
            return refusal(lambda: write(path))

        with untouched(path.parent):
            message = forked(lambda: as_somebody(edit))
        assert "there is no place for the journal: the directory of the file cannot be written" in message
        assert "Set XDG_STATE_HOME" in message


@pytest.mark.parametrize("wrong", ["", "a file", "writable by others"])
def test_a_directory_that_takes_no_new_file_sends_the_journal_to_the_state_directory(
    file: Path, state_directory: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # a real one is above, where coverage does not look
    if wrong:
        state_directory.parent.mkdir()
        state_directory.touch() if wrong == "a file" else state_directory.mkdir()
        state_directory.chmod(0o777)
        with untouched(file.parent):
            assert f"and {state_directory} " in refusal(lambda: write(file))
        return
    write(file)
    assert (file.read_bytes(), names(state_directory)) == (NEW, set())
    interrupt(file, HALF)
    (file.parent / JOURNAL).rename(state_directory / f".{str(file).replace('/', '%2F')}.confkit-journal")
    assert "half way" in str(recover(file))
    assert (file.read_bytes(), names(state_directory), names(file.parent)) == (OLD, set(), {file.name})


def test_a_journal_that_is_not_durable_is_none(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def fail_for_directories(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_for_directories)
    assert "input/output error" in refusal(lambda: write(file))
    assert (file.read_bytes(), names(file.parent)) == (OLD, {file.name})


def test_a_file_that_is_gone_after_it_was_opened_is_not_written_for_nobody(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inplace, "lock", lambda *_: file.unlink())
    assert "Mount it again (restart the container)" in refusal(lambda: write(file))
    assert names(file.parent) == set()


def test_a_relative_state_directory_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert journals._state_directory() == "/home/somebody/.local/state/confkit"


def test_somebody_who_may_not_write_the_file_is_refused() -> None:
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        path.chmod(0o444)
        message = as_somebody(lambda: refusal(lambda: write(path)))
        assert "the file cannot be written (Permission denied)" in message
        assert names(directory) == {"Chrystoki.conf"}


def test_the_lock_of_the_file_itself_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inplace, "lock", lambda opened, what, path, _: lock(opened, what, path, Waiting(0.05)))
    with file.open("rb") as other, untouched(file.parent):
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "the lock on the file has been held for 0.05 s" in refusal(lambda: write(file))


@pytest.mark.parametrize("change", ["written", "same size", "exchanged", "removed", "link", "fifo"])
def test_a_file_changed_since_it_was_read_is_not_written(file: Path, change: str) -> None:
    victim = file.with_name("victim")
    victim.write_bytes(OLD)
    with edit_lock(str(file)) as place:
        snapshot = take(place)
        if change == "written":
            file.write_bytes(NEXT)
        elif change == "same size":
            file.write_bytes(OLD.replace(b"3", b"4"))
            os.utime(file, ns=(0, snapshot.identity[3]))
        else:
            file.rename(file.with_name("moved"))
            put(change, file, victim)
        with untouched(file.parent):
            assert "was modified, moved or removed" in refusal(lambda: inplace.write(snapshot, NEW, backup=True))


@pytest.mark.parametrize("swap", ["link", "file", "written"])
def test_a_name_swapped_just_before_it_is_opened_leads_nothing_astray(
    file: Path, swap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = file.with_name("victim")
    victim.write_bytes(b"precious")

    def check_and_swap(snapshot: Snapshot) -> None:
        check_name(snapshot)
        if swap == "written":
            file.write_bytes(OLD.replace(b"3", b"4"))
            return
        file.unlink()
        file.symlink_to("victim") if swap == "link" else victim.rename(file)

    monkeypatch.setattr(inplace, "check_name", check_and_swap)
    refusal(lambda: write(file))
    assert (victim if victim.exists() else file).read_bytes() == b"precious"
    assert NEW not in {path.read_bytes() for path in file.parent.iterdir()}


def test_a_directory_swapped_since_the_file_was_read_leads_nothing_astray(file: Path) -> None:
    with edit_lock(str(file)) as place:
        snapshot = take(place)
        file.parent.rename(file.parent.with_name("moved"))
        file.parent.mkdir()
        file.write_bytes(b"precious")
        with untouched(file.parent):
            inplace.write(snapshot, NEW, backup=False)
        assert (file.parent.with_name("moved") / file.name).read_bytes() == NEW, "the file that was read, and no other"


def test_an_edit_says_that_its_path_leads_to_another_file_by_now(file: Path) -> None:
    def swap_and_set(document: Document) -> Document:
        file.parent.rename(file.parent.with_name("moved"))
        file.parent.mkdir()
        file.write_bytes(b"precious")
        return set_entry(document, "HAConfiguration", "statusTimeout", "10")

    message = refusal(lambda: edit(str(file), swap_and_set))
    assert "the new content is in place" in message
    assert "the path leads to another file since it was read" in message
    assert file.read_bytes() == b"precious"


# --- mounts ---


def test_a_file_mounted_into_a_container_is_offered_in_place_and_written_there(file: Path) -> None:
    outside = file.with_name("outside")
    outside.write_bytes(OLD)
    before = kept(outside)

    def inside() -> tuple[str, str]:
        mount("--bind", str(outside), str(file))
        plain = confkit("set-timeout", "10", "-c", str(file))
        written = confkit("set-timeout", "10", "-c", str(file), "--in-place", "--backup")
        assert (plain.code, written.code) == (3, 0), written.err
        assert confkit("unset", "HAConfiguration", "statusTimeout", "-c", str(file), "--in-place").code == 0
        assert confkit("set", "HAConfiguration", "HAOnly", "1", "-c", str(file), "--in-place").code == 0
        return plain.err, written.out

    refused, out = among_private_mounts(inside)
    assert "the file is a mount point" in refused
    assert "or write into it with --in-place. Nothing was changed." in refused
    assert "statusTimeout = 10 s; the old file is" in out
    assert outside.read_bytes() == b"HAConfiguration = {\n   HAOnly = 1;\n}\n"
    assert kept(outside) == before
    assert not [name for name in names(file.parent) if "confkit" in name]


def test_a_read_only_container_with_one_writable_file(file: Path, state_directory: Path) -> None:
    outside = file.parent.with_name("outside")
    outside.write_bytes(OLD)

    def inside() -> str:
        mount("--bind", str(file.parent), str(file.parent))
        mount("-o", "remount,ro,bind", str(file.parent))
        mount("--bind", str(outside), str(file))
        message = refusal(lambda: set_in_file(str(file), "HAConfiguration", "statusTimeout", "10"))
        set_in_file(str(file), "HAConfiguration", "statusTimeout", "10", EditOptions(in_place=True))
        return message

    message = among_private_mounts(inside)
    assert "the file system is read-only" in message
    assert "--in-place" in message
    assert (outside.read_bytes(), names(state_directory)) == (NEW, set())


def test_a_file_that_was_replaced_outside_is_not_written_for_nobody(file: Path) -> None:
    outside = file.with_name("outside")
    outside.write_bytes(OLD)

    def inside() -> str:
        mount("--bind", str(outside), str(file))
        outside.unlink()
        return refusal(lambda: write(file))

    assert "Mount it again (restart the container)" in among_private_mounts(inside)


# --- failures ---


@pytest.mark.parametrize("call", ["pwrite", "ftruncate", "fsync"])
@pytest.mark.parametrize("lasting", [False, True])
def test_a_write_that_fails_is_undone_or_kept_in_the_journal(
    file: Path, call: str, monkeypatch: pytest.MonkeyPatch, *, lasting: bool
) -> None:
    real = getattr(os, call)
    failed: list[str] = []

    def fail(descriptor: int, *given: object) -> object:
        if (
            os.path.lexists(file.with_name(JOURNAL))
            and (lasting or not failed)
            and os.fstat(descriptor).st_ino == inode
        ):
            failed.append(call)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, *given)

    inode = file.stat().st_ino
    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        message = refusal(lambda: write(file))
    if lasting:
        assert "may hold half of the new content" in message
        assert str(file.with_name(JOURNAL)) in message
        assert "an in-place edit" in str(recover(file))
    else:
        assert "the file system is full" in message
    assert (file.read_bytes(), names(file.parent)) == (OLD, {"Chrystoki.conf"})


def test_an_interrupt_from_the_keyboard_is_undone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "ftruncate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(file)
    assert (file.read_bytes(), names(file.parent)) == (OLD, {"Chrystoki.conf"})


def test_a_journal_that_cannot_be_removed_is_said_to_be_there(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = os.unlink

    def fail(name: str, **given: int) -> None:
        if name == JOURNAL:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        unlink(name, **given)

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", fail)
        message = refusal(lambda: write(file))
    assert "the new content is in place, but its journal" in message
    assert (file.read_bytes(), names(file.parent)) == (NEW, {"Chrystoki.conf", JOURNAL})
    assert "after its last byte" in str(recover(file))
    assert names(file.parent) == {"Chrystoki.conf"}


@pytest.mark.parametrize("kind", ["F_RDLCK", "F_WRLCK"])
def test_a_lease_that_somebody_holds_for_a_moment_is_waited_for(file: Path, kind: str) -> None:
    ready, told = os.pipe()
    holder = os.fork()
    if holder == 0:
        try:
            descriptor = os.open(file, os.O_RDONLY)
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, getattr(fcntl, kind))
            os.write(told, b"!")
            time.sleep(0.3)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        finally:
            os._exit(0)
    assert os.read(ready, 1) == b"!"
    write(file)
    assert (file.read_bytes(), os.waitpid(holder, 0)[1]) == (NEW, 0)
    os.close(ready)
    os.close(told)


def append_lines(path: Path, count: int) -> int:
    """Append lines of its own to the file, each opened for anew; return how many."""
    for number in range(count):
        with path.open("ab", buffering=0) as opened:
            opened.write(b"# %d\n" % number)
        time.sleep(0.005)
    return count


def test_no_line_that_somebody_appends_is_lost(file: Path) -> None:
    count = 400
    appender = os.fork()
    if appender == 0:
        try:
            append_lines(file, count)
        finally:
            os._exit(0)
    written = 0
    while os.waitpid(appender, os.WNOHANG) == (0, 0):
        with contextlib.suppress(FileError), edit_lock(str(file)) as place:
            snapshot = take(place)
            old, new = (b"= 3;", b"= 10;") if b"= 3;" in snapshot.data else (b"= 10;", b"= 3;")
            inplace.write(snapshot, snapshot.data.replace(old, new), backup=False)
            written += 1
    assert written >= 3, "there were edits beside the appended lines"
    lines = [line for line in file.read_bytes().splitlines() if line.startswith(b"# ")]
    assert lines == [b"# %d" % number for number in range(count)]
    assert names(file.parent) == {file.name}


def test_what_is_appended_while_the_journal_is_synced_is_not_written_over(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_and_append(place: Place, contents: Contents) -> None:
        put_journal(place, contents)
        with file.open("ab") as opened:
            opened.write(b"# appended\n")

    monkeypatch.setattr(inplace, "put_journal", put_and_append)
    assert "was modified" in refusal(lambda: write(file, backup=True))
    assert (file.read_bytes(), names(file.parent)) == (OLD + b"# appended\n", {file.name, *backups(file)})
    assert not backups(file)


def backups(path: Path) -> set[str]:
    return {name for name in names(path.parent) if name.endswith(".bak")}


# --- recover ---


@given(old=BLOCKS, new=BLOCKS, data=st.data())
@settings(max_examples=60)
def test_whatever_blocks_reached_the_disk_the_old_content_comes_back(
    old: bytes, new: bytes, data: st.DataObject
) -> None:
    size = data.draw(st.sampled_from([len(old), len(new)]))
    starts = range(0, size, SECTOR)
    reached = data.draw(st.lists(st.booleans(), min_size=len(starts), max_size=len(starts)))
    padded = {False: old.ljust(size, b"\0"), True: new.ljust(size, b"\0")}
    pairs = zip(starts, reached, strict=True)
    now = b"".join(padded[there][start : min(start + SECTOR, size)] for start, there in pairs)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "Chrystoki.conf")
        interrupt(path, now, (old, new))
        said = recover(path)
        assert path.read_bytes() == (new if now == new else old)
        assert said is not None
        assert names(Path(directory)) == {"Chrystoki.conf"}
        assert recover(path) is None


@pytest.mark.parametrize("seconds", [b"23", b"17", b"13", b"27"])
def test_a_value_with_digits_of_both_contents_is_what_somebody_wrote_on_purpose(file: Path, seconds: bytes) -> None:
    old, new = (OLD.replace(b"= 3", b"= " + each) for each in (b"13", b"27"))
    journal = interrupt(file, OLD.replace(b"= 3", b"= " + seconds), (old, new))
    result = confkit("set", "HAConfiguration", "HAOnly", "1", "-c", str(file))
    assert b"statusTimeout = " + seconds in file.read_bytes()
    if seconds in {b"13", b"27"}:  # then there is nothing that could be undone
        assert (result.code, journal.exists()) == (0, False)
        return
    assert (result.code, journal.exists()) == (3, True)
    assert "then somebody else modified the file" in result.err


@pytest.mark.parametrize("how", ["by another file", "later"])
def test_a_deliberate_change_that_a_crash_could_have_left_is_not_undone(file: Path, how: str) -> None:
    old, new = (b"A = {\n   x = %d;\n}\n#%s\nB = {\n   y = %d;\n}\n" % (n, b"-" * 600, n) for n in (1, 2))
    deliberate = old.replace(b"x = 1", b"x = 2")
    interrupt(file, new, (old, new))
    if how == "later":
        file.write_bytes(deliberate)
        os.utime(file, (time.time() + 60, time.time() + 60))
    else:
        other = file.with_name("other")
        other.write_bytes(deliberate)
        other.rename(file)
    assert "then somebody else modified the file" in refusal(lambda: recover(file))
    assert file.read_bytes() == deliberate


def test_the_next_edit_of_any_kind_puts_the_old_content_back_and_says_so(file: Path) -> None:
    journal = interrupt(file, HALF)
    read_only = confkit("get", "HAConfiguration", "statusTimeout", "-c", str(file))
    assert f"warning: {file}: it may hold half of an in-place edit" in read_only.err
    assert str(journal) in read_only.err
    assert journal.exists()
    result = confkit("set-timeout", "20", "-c", str(file))
    assert result.code == 0
    assert (
        f"{file}: an in-place edit of the file had been interrupted half way; the old content was put back"
        in result.err
    )
    assert (file.read_bytes(), names(file.parent)) == (NEXT, {"Chrystoki.conf"})
    assert confkit("get", "HAConfiguration", "statusTimeout", "-c", str(file)).err == ""


def test_a_fix_says_that_it_put_the_old_content_back_first(file: Path) -> None:
    old, new = OLD.replace(b"   ", b"\t"), NEW.replace(b"   ", b"\t")
    interrupt(file, new[:-1], (old, new))
    fixed = confkit("lint", "--fix", str(file.parent))
    shown = re.search(r"^confkit: warning: (.*): an in-place edit of the file had been interrupted half way", fixed.err)
    assert shown is not None, fixed.err
    assert os.path.abspath(shown[1]) == str(file)  # relative where it lies below the current directory
    assert (file.read_bytes(), names(file.parent)) == (old.replace(b"\t", b"    "), {"Chrystoki.conf"})


def test_a_file_changed_after_the_interruption_is_left_alone(file: Path) -> None:
    journal = interrupt(file, b"something else")
    with untouched(file.parent):
        message = refusal(lambda: recover(file))
    assert "then somebody else modified the file" in message
    assert str(journal) in message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"confkit journal 2 5 3\nabc",
        b"confkit journal 2 5 3 1\nabc",
        b"x 1 2 3\nabc",
        b"confkit journal 2 5 -1 4\nabc",
    ],
)
def test_what_confkit_did_not_write_is_no_journal(file: Path, content: bytes) -> None:
    file.with_name(JOURNAL).write_bytes(content)
    with untouched(file.parent):
        assert "confkit did not write it" in refusal(lambda: recover(file))


@pytest.mark.parametrize("kind", ["link", "directory", "fifo", "second link", "somebody's"])
def test_a_planted_journal_is_not_used(file: Path, kind: str) -> None:
    planted = interrupt(file, HALF, (b"root::0:0:::", NEW))
    elsewhere = file.with_name("elsewhere")
    if kind == "second link":
        os.link(planted, elsewhere)
    elif kind == "somebody's":
        need_root("makes a file that belongs to somebody else")
        os.chown(planted, SOMEBODY, SOMEBODY)
    else:
        planted.rename(elsewhere)
        put(kind, planted, elsewhere)
    with untouched(file.parent):
        assert "cannot be used" in refusal(lambda: recover(file))


def test_a_disk_that_cannot_say_whether_there_is_a_journal_is_no_clean_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "lstat", fail)
    with pytest.raises(FileError, match="Input/output error"):
        find_journal(str(file))


def test_a_path_too_long_for_a_name_in_the_state_directory_has_no_journal_there(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["x" * 50] * 6)
    deep.mkdir(parents=True)
    (deep / "Chrystoki.conf").write_bytes(OLD)
    assert find_journal(str(deep / "Chrystoki.conf")) is None
    write(deep / "Chrystoki.conf")
    assert (deep / "Chrystoki.conf").read_bytes() == NEW


# --- the platform ---

USE = """
import os, sys, types
sys.path.insert(0, sys.argv[1])
sys.modules["confkit"] = package = types.ModuleType("confkit")  # these modules alone, not what the package imports
package.__path__ = [sys.argv[1] + "/confkit"]
from testing.storage_edit import create_like, edit, write_in_place
from confkit.core.storage.locate import find
from confkit.core.storage.snapshot import read_configuration
path = find(sys.argv[2], {})
for new, write in ((b"1", edit), (b"22", write_in_place), (b"333", edit)):
    saved = write(path, new, backup=True)
    assert read_configuration(path) == new and os.path.exists(saved)
create_like(path + ".new", b"4", path)
assert sys.version_info[:2] == (3, 8), sys.version
print("fine")
"""


def test_the_modules_that_write_run_on_python_38(file: Path) -> None:
    command = [interpreter("3.8"), "-S", "-E", "-B", "-c", USE, str(REPOSITORY), str(file.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("fine\n", "")
