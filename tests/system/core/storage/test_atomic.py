"""Replace and create files: what is kept, what is refused, and the lock that edits take."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.core.errors import FileError
from confkit.core.storage.atomic import create, replace
from confkit.core.storage.lock import Waiting, edit_lock
from confkit.core.storage.snapshot import opened, read_configuration, take
from confkit.core.storage.walk import Place
from testing.programs import REPOSITORY
from testing.storage_child import (
    SOMEBODY,
    among_private_mounts,
    as_somebody,
    edit_command,
    forked,
    mount,
    need_root,
    need_strace,
    open_to_all,
    traced,
)
from testing.storage_edit import create_like
from testing.storage_edit import edit as edit_file
from testing.storage_refusals import FILE_NAMES, not_hanging, refusal
from testing.storage_state import ACL, DEFAULT_ACL, acl, kept, names, set_extended, state, untouched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"
NEW = b"HAConfiguration = {\n   statusTimeout = 10;\n}\n"
LEFT_OVER = ".Chrystoki.conf.confkit-new"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


def edit(path: Path | str, new: bytes = NEW, *, backup: bool = False) -> str | None:
    return edit_file(str(path), new, backup=backup)


def refused_edit(path: Path, *, backup: bool = False) -> str:
    with untouched(path.parent):
        return refusal(lambda: edit(path, backup=backup))


# --- edit_lock ---


@contextmanager
def held_by_another(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def test_the_lock_is_refused_while_another_holds_it(file: Path) -> None:
    with held_by_another(file.parent), untouched(file.parent):
        message = refusal(lambda: edit_lock(str(file), Waiting(0.05)).__enter__())
    assert message.startswith(f"{file}: the lock on its directory has been held for 0.05 s by ")
    with edit_lock(str(file), Waiting(0)):
        assert names(file.parent) == {"Chrystoki.conf"}, "no lock file"
        assert "lock" in refusal(lambda: edit_lock(str(file), Waiting(0)).__enter__())


def test_the_lock_waits_for_its_holder(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with held_by_another(file.parent) as descriptor:
        monkeypatch.setattr(time, "sleep", lambda _: fcntl.flock(descriptor, fcntl.LOCK_UN))
        edit(file)
    assert file.read_bytes() == NEW


def test_the_lock_of_a_process_that_dies_is_free(file: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with edit_lock(str(file)):
            os.write(writing, b"!")
            signal.pause()
    assert os.read(reading, 1) == b"!"
    assert "lock" in refusal(lambda: edit_lock(str(file), Waiting(0)).__enter__())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with edit_lock(str(file), Waiting(0)):
        pass
    os.close(reading)
    os.close(writing)


def test_the_lock_can_be_had_in_a_directory_that_may_only_be_read() -> None:
    with open_to_all() as directory:
        (directory / "Chrystoki.conf").write_bytes(OLD)
        directory.chmod(0o555)
        assert as_somebody(lambda: lock_and_read(directory / "Chrystoki.conf")) == OLD


def lock_and_read(path: Path) -> bytes:
    with edit_lock(str(path)):
        return read_configuration(str(path))


def test_the_lock_is_for_a_file_that_does_not_exist_yet_too(tmp_path: Path) -> None:
    with edit_lock(str(tmp_path / "crystoki.ini")), pytest.raises(FileError, match="lock"):
        edit_lock(str(tmp_path / "Chrystoki.conf"), Waiting(0)).__enter__()


def test_the_lock_explains_a_missing_directory(tmp_path: Path) -> None:
    assert "directory does not exist" in refusal(lambda: edit(tmp_path / "absent" / "Chrystoki.conf"))
    assert "no file can have this name" in refusal(lambda: edit("a\0b"))


def test_the_lock_is_refused_when_the_directory_is_exchanged_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "Chrystoki.conf").write_bytes(OLD)
    link = tmp_path / "current"
    link.symlink_to("one")

    def point_at_two_and_let_go(_: float) -> None:
        link.unlink()
        link.symlink_to("two")
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    with held_by_another(tmp_path / "one") as descriptor:
        monkeypatch.setattr(time, "sleep", point_at_two_and_let_go)
        assert "parent directory was replaced" in refusal(lambda: edit(link / "Chrystoki.conf"))


def test_errors_of_the_locked_block_are_its_own(file: Path) -> None:
    with pytest.raises(BrokenPipeError), edit_lock(str(file)):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_left_overs_of_a_run_that_died_are_removed(file: Path) -> None:
    left_over = file.parent / LEFT_OVER
    left_over.write_bytes(b"half")
    edit(file)
    assert names(file.parent) == {"Chrystoki.conf"}
    left_over.write_bytes(b"half")
    edit(file)  # equal bytes now: nothing to write, but something to tidy
    assert names(file.parent) == {"Chrystoki.conf"}
    assert file.read_bytes() == NEW


def test_a_link_planted_in_the_place_of_the_temporary_file_is_not_followed(file: Path) -> None:
    victim = file.parent / "victim"
    victim.write_bytes(b"precious")
    (file.parent / LEFT_OVER).symlink_to(victim)
    edit(file)
    assert (victim.read_bytes(), file.read_bytes()) == (b"precious", NEW)
    with edit_lock(str(file)) as place:
        snapshot = take(place)
        (file.parent / LEFT_OVER).symlink_to(victim)
        with untouched(file.parent):
            assert f"{LEFT_OVER} in its directory is in the way" in refusal(
                lambda: replace(snapshot, OLD, backup=False)
            )


def test_what_cannot_be_removed_from_the_way_is_named(file: Path) -> None:
    (file.parent / LEFT_OVER).mkdir()
    assert f"{LEFT_OVER} in its directory is in the way" in refused_edit(file)


# --- replace: what it keeps ---


@given(name=FILE_NAMES, old=st.binary(max_size=200), new=st.binary(max_size=200), backup=st.booleans())
@settings(max_examples=40)
def test_replace_puts_any_bytes_in_the_place_of_any(name: str, old: bytes, new: bytes, *, backup: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, name)
        path.write_bytes(old)
        before = state(Path(directory))
        saved = edit(path, new, backup=backup)
        if old == new:
            assert saved is None
            assert state(Path(directory)) == before
        else:
            assert path.read_bytes() == new
            assert names(Path(directory)) == {name} | ({os.path.basename(saved)} if saved else set())
            assert (saved is not None) == backup
            assert saved is None or Path(saved).read_bytes() == old


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o444, 0o2750, 0o4755, 0o666])
def test_replace_keeps_the_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    edit(file)
    assert (stat.S_IMODE(file.stat().st_mode), file.read_bytes()) == (mode, NEW)


def test_replace_as_root_keeps_the_owner(file: Path) -> None:
    need_root("gives a file away")
    os.chown(file, SOMEBODY, 2345)
    file.chmod(0o2640)
    before = kept(file)
    edit(file)
    assert kept(file) == before
    assert before.owner == (SOMEBODY, 2345)


@pytest.mark.parametrize("name", ["user.origin", "security.confkit", ACL])
def test_replace_keeps_extended_attributes_and_the_acl(file: Path, name: str) -> None:
    set_extended(file, name, acl(SOMEBODY) if name == ACL else b"\0\xff")
    before = kept(file)
    saved = edit(file, backup=True)
    assert kept(file) == before
    assert name in before.extended
    assert saved is not None
    assert kept(Path(saved)) == before


def test_replace_does_not_let_the_directory_give_the_file_another_acl(file: Path) -> None:
    set_extended(file.parent, DEFAULT_ACL, acl(SOMEBODY))
    before = kept(file)
    edit(file)
    assert kept(file) == before
    assert ACL not in before.extended


def test_replace_does_not_carry_over_the_hash_of_the_old_content(file: Path) -> None:
    set_extended(file, "security.ima", b"\x01 a hash of the old bytes")
    edit(file)
    assert kept(file).extended.get("security.ima") != b"\x01 a hash of the old bytes"
    assert file.read_bytes() == NEW


def test_replace_without_extended_attributes_on_the_platform(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "listxattr")
    edit(file)
    assert file.read_bytes() == NEW


def test_replace_leaves_links_and_replaces_their_target(file: Path) -> None:
    directory = file.parent / "links"
    directory.mkdir()
    (directory / "second").symlink_to("../Chrystoki.conf")
    (directory / "first").symlink_to("second")
    with untouched(directory):
        saved = edit(directory / "first", backup=True)
    assert file.read_bytes() == NEW
    assert saved is not None
    assert Path(saved).parent == file.parent.resolve(), "the backup is beside the real file"


def test_replace_writes_all_when_the_system_takes_little_at_a_time(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    edit(file)
    assert file.read_bytes() == NEW


def test_backups_are_named_by_the_time_and_never_overwritten(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.gmtime(1_700_000_000)
    monkeypatch.setattr(time, "gmtime", lambda: moment)
    contents = [OLD, NEW, b"third", b"fourth"]
    for old, new in itertools.pairwise(contents):
        saved = edit(file, new, backup=True)
        assert saved is not None
        assert Path(saved).read_bytes() == old
    stem = "Chrystoki.conf.20231114T221320Z"
    assert names(file.parent) == {"Chrystoki.conf", f"{stem}.bak", f"{stem}-1.bak", f"{stem}-2.bak"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o640}


# --- replace: what it refuses ---


def let_the_clock_of_the_disk_tick(path: Path) -> None:
    """Wait until a change would show in the times of the file; older kernels count them in steps of up to 10 ms."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as probe:
        while os.stat(probe.name).st_ctime_ns <= path.stat().st_ctime_ns:
            os.utime(probe.name)


def write_same_size_and_time(path: Path) -> None:
    times = path.stat()
    path.write_bytes(OLD.replace(b"3", b"4"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def rename_another_over(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(OLD)
    other.rename(path)


def put_in_its_place(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.rename(path.with_name("moved"))
        make(path)

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": write_same_size_and_time,
    "appended": lambda path: path.write_bytes(OLD * 2),
    "exchanged": rename_another_over,
    "mode": lambda path: path.chmod(0o600),
    "removed": Path.unlink,
    "link": put_in_its_place(lambda path: path.symlink_to("moved")),
    "circle": put_in_its_place(lambda path: path.symlink_to(path)),
    "fifo": put_in_its_place(os.mkfifo),
    "directory": put_in_its_place(Path.mkdir),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_changed_since_it_was_read_is_not_replaced(file: Path, change: str) -> None:
    let_the_clock_of_the_disk_tick(file)
    with edit_lock(str(file)) as place:
        snapshot = take(place)
        CHANGES[change](file)
        with untouched(file.parent), not_hanging():
            message = refusal(lambda: replace(snapshot, NEW, backup=True))
    assert message.startswith(f"{file}: the file was modified, moved or removed since it was read")


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_changed_while_the_new_one_is_written_is_not_replaced(
    file: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_the_clock_of_the_disk_tick(file)
    after: dict[str, object] = {}

    def change_then_sync(_: int) -> None:
        CHANGES[change](file)
        after.update({name: of for name, of in state(file.parent).items() if name != LEFT_OVER})

    monkeypatch.setattr(os, "fsync", change_then_sync)
    assert "was modified" in refusal(lambda: edit(file))
    assert state(file.parent) == after


def test_equal_times_do_not_hide_other_bytes(file: Path) -> None:
    with edit_lock(str(file)) as place, untouched(file.parent):
        within_one_tick = take(place)._replace(data=OLD.replace(b"3", b"4"))
        assert "was modified" in refusal(lambda: replace(within_one_tick, NEW, backup=False))


def test_a_file_with_a_second_name_is_refused(file: Path) -> None:
    os.link(file, file.parent / "other name")
    message = refused_edit(file)
    assert "2 hard links" in message
    assert "other names would keep the old content" in message


def test_somebody_without_write_permission_in_the_directory_is_refused() -> None:
    with open_to_all() as directory:
        (directory / "Chrystoki.conf").write_bytes(OLD)
        directory.chmod(0o555)
        assert "no permission to write in its directory" in as_somebody(
            lambda: refused_edit(directory / "Chrystoki.conf")
        )


def test_an_owner_that_cannot_be_kept_is_a_reason_to_refuse() -> None:
    need_root("makes a file that belongs to root")
    with open_to_all() as directory:
        (directory / "Chrystoki.conf").write_bytes(OLD)
        message = as_somebody(lambda: refused_edit(directory / "Chrystoki.conf", backup=True))
    assert "the owner (uid 0, gid 0) of the file cannot be kept" in message
    assert "Run this as the owner of the file or as root" in message


def test_an_owner_who_is_not_in_the_group_is_told_so() -> None:
    need_root("gives a file a group that its owner is not in")
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        os.chown(path, SOMEBODY, 2345)
        message = as_somebody(lambda: refused_edit(path, backup=True))
    assert f"the owner (uid {SOMEBODY}, gid 2345) of the file cannot be kept" in message
    assert "Run this as a member of the group 2345 or as root" in message


def test_an_attribute_that_cannot_be_kept_is_a_reason_to_refuse() -> None:
    need_root("sets an attribute that others may not set")
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        set_extended(path, "security.confkit", b"label")
        os.chown(path, SOMEBODY, SOMEBODY)
        message = as_somebody(lambda: refused_edit(path))
    assert "the extended attribute security.confkit of the file cannot be kept" in message


def test_a_mode_that_cannot_be_kept_is_a_reason_to_refuse() -> None:
    need_root("gives a file a group that its owner is not in")
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        for made in (directory, path):
            os.chown(made, SOMEBODY, 2345)
        directory.chmod(0o2777)  # new files get the group 2345 by themselves
        path.chmod(0o2640)
        message = as_somebody(lambda: refused_edit(path))
    assert "the mode 2640 of the file cannot be kept" in message


def test_a_name_too_long_for_a_temporary_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    path.write_bytes(OLD)
    assert "Give the file a shorter name" in refused_edit(path)


def test_a_size_limit_leaves_the_old_file(file: Path) -> None:
    def edit_with_little_room() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # the first write is cut short, the second refused
        with untouched(file.parent):
            return refusal(lambda: edit(file, b"x" * 2000))

    assert "File too large" in forked(edit_with_little_room)


def test_an_interrupt_leaves_no_temporary_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        assert LEFT_OVER in names(file.parent)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with untouched(file.parent), pytest.raises(KeyboardInterrupt):
        edit(file)


class Fault:
    """Makes the `number`-th call of a function fail with `error`; knows whether it came to that."""

    def __init__(self, function: Callable[..., object], error: int, number: int) -> None:
        self.function = function
        self.error = error
        self.left = number

    def __call__(self, *arguments: object, **options: object) -> object:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.error, os.strerror(self.error))
        return self.function(*arguments, **options)


def why_not(function: Callable[[], object]) -> str | None:
    """Return the message of the FileError that `function` raises, or None."""
    try:
        function()
    except FileError as error:
        return error.message
    return None


FAULTY_CALLS = ["open", "fstat", "stat", "read", "write", "fchown", "listxattr", "getxattr", "setxattr", "fchmod"]
FAULTY_CALLS += ["fsync", "link", "unlink", "rename"]


@pytest.mark.parametrize("error", ["EACCES", "EPERM", "EROFS", "ENOSPC", "EIO", "EINVAL"])
@pytest.mark.parametrize("call", FAULTY_CALLS)
def test_whatever_call_fails_the_file_is_whole_and_the_reason_said(
    file: Path, call: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_extended(file, "user.origin", b"here")
    if os.geteuid() == 0:
        os.chown(file, SOMEBODY, 2345)
    before = kept(file)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # for speed; the crash test has the real one
    for number in itertools.count(1):
        fault = Fault(getattr(os, call), getattr(errno, error), number)
        old = file.read_bytes()
        new = OLD + b"%d" % number
        with monkeypatch.context() as patched:
            patched.setattr(os, call, fault)
            reason = why_not(lambda new=new: edit(file, new, backup=True))  # type: ignore[misc]
        in_place = reason is None or "the new content is in place" in reason
        assert (file.read_bytes(), kept(file)) == (new if in_place else old, before)
        assert not [name for name in names(file.parent) if name.endswith(".confkit-new")]
        assert all(kept(path) == before for path in file.parent.iterdir()), "backups are whole too"
        if fault.left > 0:
            break


def test_a_close_that_reports_a_full_disk_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = os.close

    def close_like_a_network_disk(descriptor: int) -> None:
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        close(descriptor)
        if name.endswith(LEFT_OVER):
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(os, "close", close_like_a_network_disk)
    assert "the disk quota is used up" in refused_edit(file)


def test_a_directory_that_cannot_be_locked_is_explained(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", Fault(fcntl.flock, errno.EBADF, 1))  # as on NFS
    assert "its directory cannot be locked (Bad file descriptor). Copy the file to a local disk" in refused_edit(file)


# --- replace: disks and mounts ---


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    def edit_on_a_small_disk() -> str:
        mount("-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path))
        path = tmp_path / "Chrystoki.conf"
        path.write_bytes(OLD)
        with untouched(tmp_path):
            message = refusal(lambda: edit(path, NEW * 5000))
        edit(path)
        assert path.read_bytes() == NEW
        return message

    message = among_private_mounts(edit_on_a_small_disk)
    assert "the file system is full. Make room on it and run this again. Nothing was changed." in message


def test_a_disk_mounted_for_reading_is_explained(file: Path) -> None:
    def edit_on_a_read_only_disk() -> str:
        mount("--bind", str(file.parent), str(file.parent))
        mount("-o", "remount,ro,bind", str(file.parent))
        return refused_edit(file)

    message = among_private_mounts(edit_on_a_read_only_disk)
    assert "the file system is read-only" in message
    assert "--in-place" not in message  # the file cannot be written into either


def test_a_writable_file_in_a_read_only_directory_can_be_written_in_place(file: Path) -> None:
    def edit_in_a_container() -> str:
        mount("--bind", str(file), str(file))
        mount("--bind", str(file.parent), str(file.parent))
        mount("--bind", str(file), str(file))
        mount("-o", "remount,ro,bind", str(file.parent))
        return refused_edit(file)

    message = among_private_mounts(edit_in_a_container)
    assert "--in-place" in message


def test_a_file_that_is_a_mount_point_is_explained(file: Path) -> None:
    def edit_a_mounted_file() -> str:
        mounted = file.with_name("mounted")
        mounted.write_bytes(OLD)
        mount("--bind", str(mounted), str(file))
        return refused_edit(file)

    message = among_private_mounts(edit_a_mounted_file)
    assert "the file is a mount point" in message
    assert "mount its directory instead" in message


RENAMES = "?rename,?renameat,?renameat2"


@pytest.mark.parametrize(
    ("calls", "error", "reason"),
    [
        ("write", "ENOSPC", "the file system is full"),
        ("write", "EDQUOT", "the disk quota is used up"),
        ("write", "EIO", "the disk reports an input/output error"),
        ("fchmod", "EIO", "the disk reports an input/output error"),
        ("fsync", "EIO", "the disk reports an input/output error"),
        ("fsync", "ENOSPC", "the file system is full"),
        ("flistxattr", "EIO", "the disk reports an input/output error"),
        (RENAMES, "EBUSY", "the file is a mount point"),
        (RENAMES, "EPERM", "check with lsattr"),
        (RENAMES, "ENFILE", "Too many open files in system"),
    ],
)
def test_a_failing_system_call_leaves_the_old_file(file: Path, calls: str, error: str, reason: str) -> None:
    need_strace()
    options = ["-o", os.devnull, f"-einject={calls}:error={error}:when=1"]
    with untouched(file.parent):
        done = traced(options, edit_command("edit", file, NEW))
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith(f"{file}: ")
    assert reason in done.stderr
    assert "Nothing was changed." in done.stderr
    edit(file)
    assert names(file.parent) == {"Chrystoki.conf"}


def test_a_file_system_without_hard_links_takes_no_backup(file: Path) -> None:
    need_strace()
    with untouched(file.parent):
        done = traced(["-o", os.devnull, "-einject=?link,linkat:error=EPERM"], edit_command("backup", file, NEW))
    assert (done.returncode, "without hard links" in done.stderr) == (3, True), done.stderr


def test_a_directory_that_cannot_be_synced_is_said_to_hold_the_new_content(file: Path) -> None:
    need_strace()
    done = traced(["-o", os.devnull, "-einject=fsync:error=EIO:when=2"], edit_command("edit", file, NEW))
    assert done.returncode == 3
    assert "the new content is in place, but the disk did not confirm it" in done.stderr
    assert "Nothing was changed" not in done.stderr
    assert (file.read_bytes(), names(file.parent)) == (NEW, {"Chrystoki.conf"})


@pytest.mark.parametrize(
    "injection", ["fsync:error=EINVAL:when=2", "flistxattr:error=EOPNOTSUPP", "fsync:error=EOPNOTSUPP:when=2"]
)
def test_file_systems_without_attributes_or_syncs_of_directories_are_fine(file: Path, injection: str) -> None:
    need_strace()
    done = traced(["-o", os.devnull, f"-einject={injection}"], edit_command("edit", file, NEW))
    assert (done.returncode, done.stderr, file.read_bytes()) == (0, "", NEW)


# --- create ---


def test_create_makes_a_file_like_another(file: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, SOMEBODY, 2345)
    set_extended(file, "user.origin", b"here")
    made = file.parent / "crystoki.ini"
    create_like(str(made), NEW, str(file))
    assert (made.read_bytes(), kept(made)) == (NEW, kept(file))
    assert names(file.parent) == {"Chrystoki.conf", "crystoki.ini"}
    assert made.stat().st_nlink == 1


def test_create_takes_a_name_in_the_current_directory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    create_like("crystoki.ini", NEW, "Chrystoki.conf")
    assert (file.parent / "crystoki.ini").read_bytes() == NEW


@pytest.mark.parametrize("name", ["Chrystoki.conf", "directory", "directory/", "link", "dangling"])
def test_create_never_overwrites(file: Path, name: str) -> None:
    file.with_name("directory").mkdir()
    file.with_name("link").symlink_to("Chrystoki.conf")
    file.with_name("dangling").symlink_to("nowhere")
    path = f"{file.parent}/{name}"
    with untouched(file.parent):
        message = refusal(lambda: create_like(path, NEW, str(file)))
    assert message.startswith(f"{path}: this exists already")


def test_create_refuses_when_its_model_changed(file: Path) -> None:
    with opened(str(file)) as snapshot, edit_lock(str(file.parent / "crystoki.ini")) as place:
        file.write_bytes(NEW * 2)
        with untouched(file.parent):
            assert "was modified" in refusal(lambda: create(place, NEW, snapshot))


def test_create_explains_a_missing_directory(file: Path) -> None:
    path = str(file.parent / "absent" / "crystoki.ini")
    assert "directory does not exist" in refusal(lambda: create_like(path, NEW, str(file)))


def test_a_file_made_from_one_of_somebody_else_is_private() -> None:
    need_root("makes a file that belongs to root")
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        path.chmod(0o664)
        made = directory / "crystoki.ini"
        as_somebody(lambda: create_like(str(made), NEW, str(path)))
        assert kept(made) == (stat.S_IFREG | 0o600, (SOMEBODY, SOMEBODY), {})
        assert made.read_bytes() == NEW


@pytest.mark.parametrize(("of_directory", "mode"), [(0o777, 0o600), (0o2777, 0o640)])
def test_a_file_of_a_group_that_its_owner_is_not_in_can_be_a_model(of_directory: int, mode: int) -> None:
    need_root("gives a file a group that its owner is not in")
    with open_to_all() as directory:
        path, made = directory / "Chrystoki.conf", directory / "crystoki.ini"
        path.write_bytes(OLD)
        path.chmod(0o640)
        for each in (directory, path):
            os.chown(each, SOMEBODY, 2345)
        directory.chmod(of_directory)
        as_somebody(lambda: create_like(str(made), NEW, str(path)))
        group = 2345 if of_directory & stat.S_ISGID else SOMEBODY  # such a directory hands its own down
        assert kept(made) == (stat.S_IFREG | mode, (SOMEBODY, group), {})
        assert made.read_bytes() == NEW


# --- the platform and the start ---


def run_python(program: str, *options: str) -> str:
    command = [sys.executable, "-B", *options, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=REPOSITORY).stdout


def test_without_posix_calls_files_can_be_read_but_not_written(file: Path) -> None:
    program = f"""
import os, sys
path = {str(file)!r}
sys.modules["fcntl"] = None
for name in ("O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW", "O_DIRECTORY", "geteuid", "fchown", "fchmod", "listxattr"):
    delattr(os, name)
sys.path.insert(0, ".")
from confkit.core.storage.locate import find
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.snapshot import opened, read_configuration
from confkit.core.errors import FileError
with opened(find(os.path.dirname(path), {{}})) as snapshot:
    print(len(snapshot.data), len(read_configuration(path)))
try:
    edit_lock(path).__enter__()
except FileError as error:
    print(error.message)
"""
    with untouched(file.parent):
        lines = run_python(program).splitlines()
    refused = "confkit writes files on POSIX systems only. Edit this one by hand."
    assert lines == [f"{len(OLD)} {len(OLD)}", refused]


def test_the_modules_import_nothing_slow() -> None:
    program = """
import sys, types
sys.path.insert(0, ".")
sys.modules["confkit"] = package = types.ModuleType("confkit")  # these modules alone, not what the package imports
package.__path__ = ["confkit"]
import confkit.core.storage.lock
slow = {"dataclasses", "subprocess", "tempfile", "shutil", "pathlib", "logging", "inspect", "asyncio", "ctypes"}
print(sorted(slow & set(sys.modules)))
"""
    assert run_python(program, "-S", "-E") == "[]\n"


def test_the_temporary_name_is_hidden_and_never_looks_like_a_configuration_file() -> None:
    assert Place(0, "Chrystoki.conf", "", "").temporary == LEFT_OVER
