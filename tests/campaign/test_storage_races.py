"""Somebody swaps links, files and directories as fast as he can while confkit edits: no content ever gets to another file."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.config.edit import EditOptions, set_in_file
from confkit.core.errors import FileError
from confkit.exporter import textfile
from testing.storage_child import SOMEBODY, need_root, open_to_all
from testing.storage_edit import leave_journal
from testing.storage_state import Kept, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = "Chrystoki.conf"
PRECIOUS = b"root:x:0:0:root:/root:/bin/sh\n"
_EXCHANGE = 2  # RENAME_EXCHANGE of <linux/fs.h>
_libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def attacked(attack: Callable[[], object], user: int = 0) -> Iterator[None]:
    """Have `attack` done over and over by a process of that user until the block ends."""
    process = os.fork()
    if process == 0:
        _attack_until_killed(attack, user)
    try:
        yield
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _attack_until_killed(attack: Callable[[], object], user: int) -> None:
    try:
        signal.alarm(3600)
        if user:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        while True:
            with contextlib.suppress(OSError):
                attack()
    finally:
        os._exit(1)


def exchange(one: Path, other: Path) -> None:
    """Let two names change places at once."""
    if _libc.renameat2(-100, bytes(one), -100, bytes(other), _EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def edits(path: Path, count: int, *, in_place: bool) -> int:
    """Edit again and again; return how many edits were refused."""
    refused = 0
    for number in range(count):
        try:
            options = EditOptions(in_place=in_place)
            set_in_file(str(path), "HAConfiguration", "statusTimeout", str(3 + number % 58), options)
        except FileError:
            refused += 1
    return refused


def marked(name: str) -> bytes:
    """Return a content that says whose it is; the length differs from that of others."""
    return b"Of = {\n   Whom = %s;\n}\nHAConfiguration = {\n   statusTimeout = 3;\n}\n" % name.encode()


def lies(path: Path, name: str) -> None:
    """Assert that the file is whole, and its own."""
    head, value, tail = path.read_bytes().partition(b"statusTimeout = ")
    assert head + value == marked(name).partition(b"3;")[0]
    assert int(tail.removesuffix(b";\n}\n")) in range(3, 61)


# Not here: two files that change places while one is replaced. Between the last look at the name and rename(2) there are
# microseconds in which the other one can take it, and is then lost; whoever can do that may remove both anyway.
@pytest.mark.parametrize(
    ("what", "in_place"), [("link", False), ("link", True), ("directory", False), ("directory", True), ("file", True)]
)
def test_what_is_swapped_during_an_edit_keeps_its_own_content(
    tmp_path: Path, what: str, in_place: bool, long_campaign: bool
) -> None:
    count = 2000 if long_campaign else 150
    mine, other = tmp_path / "mine", tmp_path / "other-one"
    for directory in (mine, other):
        directory.mkdir()
        (directory / FILE).write_bytes(marked(directory.name))
    link, second = tmp_path / "link", tmp_path / "second"
    link.symlink_to(mine / FILE)
    second.symlink_to(other / FILE)
    path, attack = {
        "link": (link, lambda: exchange(link, second)),
        "directory": (mine / FILE, lambda: exchange(mine, other)),
        "file": (mine / FILE, lambda: exchange(mine / FILE, other / FILE)),
    }[what]
    begin = time.monotonic()
    with attacked(attack):
        refused = edits(path, count, in_place=in_place)
    found = sorted((mine / FILE, other / FILE), key=lambda each: len(each.read_bytes().partition(b";")[0]))
    lies(found[0], "mine")
    lies(found[1], "other-one")
    way = "in place" if in_place else "by replacing"
    print(
        f"campaign: storage races: a {what} swapped, {count} edits {way}, {refused} refused, 0 astray, "
        f"{time.monotonic() - begin:.0f} s"
    )


def plant(directory: Path, precious: Path) -> None:
    """Put into the directory what could lead an edit by root astray."""
    for name in (f".{FILE}.confkit-new", f".{FILE}.confkit-journal"):
        with contextlib.suppress(OSError):
            os.symlink(precious, directory / name)
        with contextlib.suppress(OSError):
            os.unlink(directory / name)
    with contextlib.suppress(OSError):
        leave_journal(str(directory / FILE), PRECIOUS, marked("mine"))
        os.unlink(directory / f".{FILE}.confkit-journal")
    with contextlib.suppress(OSError):
        os.rename(directory / FILE, directory / "aside")
    with contextlib.suppress(OSError):
        os.symlink(precious, directory / FILE)
        os.unlink(directory / FILE)
    os.rename(directory / "aside", directory / FILE)


@pytest.mark.parametrize("in_place", [False, True], ids=["replace", "in-place"])
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770], ids=["open", "sticky", "group"])
def test_root_edits_in_a_directory_where_somebody_plants_links_and_journals(
    mode: int, in_place: bool, long_campaign: bool
) -> None:
    need_root("edits as root what somebody else meddles with")
    count = 2000 if long_campaign else 100
    begin = time.monotonic()
    with open_to_all() as base:
        directory, precious = base / "directory", base / "precious"
        directory.mkdir()
        os.chown(directory, 0, SOMEBODY)
        directory.chmod(mode)
        precious.write_bytes(PRECIOUS)
        precious.chmod(0o640)
        (directory / FILE).write_bytes(marked("mine"))
        before: Kept = kept(precious)
        with attacked(lambda: plant(directory, precious), SOMEBODY):
            refused = edits(directory / FILE, count, in_place=in_place)
        assert (precious.read_bytes(), kept(precious)) == (PRECIOUS, before)
        # Elsewhere he may remove the file, and confkit's temporary one, and put his own in their places: no edit is safe
        # from that. What he may not touch has to stay what it is.
        if mode & stat.S_ISVTX:
            lies(directory / FILE, "mine")
    print(
        f"campaign: storage meddling: directory {mode:04o}, {count} edits, {refused} refused, 0 astray, "
        f"{time.monotonic() - begin:.0f} s"
    )


@pytest.mark.parametrize("in_place", [False, True], ids=["replace", "in-place"])
def test_root_is_not_led_astray_where_somebody_exchanges_a_directory_and_a_link(
    in_place: bool, long_campaign: bool
) -> None:
    need_root("edits as root what somebody else exchanges")
    count = 20_000 if long_campaign else 1500
    begin = time.monotonic()
    with open_to_all() as base:
        secret = base / "secret"
        secret.mkdir(mode=0o700)
        (secret / FILE).write_bytes(marked("root"))
        (secret / FILE).chmod(0o600)
        before = (secret / FILE).read_bytes(), kept(secret / FILE), (secret / FILE).stat().st_ino
        theirs, link = base / "current", base / "other"
        theirs.mkdir()
        (theirs / FILE).write_bytes(marked("mine"))
        link.symlink_to(secret)
        for each in (theirs, theirs / FILE, link):
            os.lchown(each, SOMEBODY, SOMEBODY)
        with attacked(lambda: exchange(theirs, link), SOMEBODY):
            refused = edits(theirs / FILE, count, in_place=in_place)
        after = (secret / FILE).read_bytes(), kept(secret / FILE), (secret / FILE).stat().st_ino
        assert after == before
        assert os.listdir(secret) == [FILE]
        lies(next(each / FILE for each in (theirs, link) if not each.is_symlink()), "mine")
    print(
        f"campaign: storage races: a directory and a link of somebody exchanged, {count} edits by root "
        f"{'in place' if in_place else 'by replacing'}, {refused} refused, 0 astray, {time.monotonic() - begin:.0f} s"
    )
    assert 0 < refused < count, "both were met"


def test_the_textfile_writer_gives_nobody_else_s_file_another_mode_or_content(long_campaign: bool) -> None:
    need_root("writes as root where somebody else meddles")
    count = 5000 if long_campaign else 500
    begin = time.monotonic()
    refused = 0
    with open_to_all() as base:
        secret = base / "secret"
        secret.write_bytes(PRECIOUS)
        secret.chmod(0o600)
        before: Kept = kept(secret)
        directory = base / "textfiles"
        directory.mkdir()
        os.chown(directory, SOMEBODY, SOMEBODY)
        temporary, linked = directory / ".luna.prom.confkit-new", directory / "linked"
        linked.symlink_to(secret)

        def swap() -> None:
            exchange(temporary, linked)

        with attacked(swap, SOMEBODY):
            for _ in range(count):
                try:
                    textfile.write(str(directory / "luna.prom"), "up 1\n")
                except FileError:
                    refused += 1
        assert (secret.read_bytes(), kept(secret)) == (PRECIOUS, before)
    print(
        f"campaign: storage races: the temporary file of the textfile writer exchanged for a link, {count} writes by root, "
        f"{refused} refused, 0 astray, {time.monotonic() - begin:.0f} s"
    )
