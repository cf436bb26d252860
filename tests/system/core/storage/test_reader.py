"""The one bounded reader: regular files only, never more than the limit, links as asked."""

from __future__ import annotations

import os
import resource
import socket
from typing import TYPE_CHECKING

import pytest

from confkit.core.errors import FileError
from confkit.core.storage.reader import MAX_CONFIGURATION, open_regular, read_bounded, read_start, size
from testing.storage_child import SOMEBODY, need_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("length", "fits"), [(0, True), (99, True), (100, True), (101, False), (10**6, False)])
def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path, length: int, fits: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * length)
    if fits:
        assert read_bounded(str(path), 100) == b"x" * length
        return
    with pytest.raises(FileError, match="more than 100 bytes") as caught:
        read_bounded(str(path), 100)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("what", ["below /proc, without an end", "a sparse file of 10 GB"])
def test_whatever_the_size_is_said_to_be_no_more_than_the_limit_is_read(tmp_path: Path, what: str) -> None:
    path = "/proc/self/pagemap"
    if what != "below /proc, without an end":
        path = str(tmp_path / "sparse")
        with open(path, "wb") as file:
            file.truncate(10 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # the kernel refuses to be asked for the single byte beyond the limit of this file below /proc
    with pytest.raises(FileError, match=r"more than 1 MiB|cannot be read"):
        read_bounded(path, 1 << 20)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 << 10  # KiB


@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "directory", "absent", "dangling", "circle", "nul"])
def test_what_is_not_a_regular_file_is_explained_and_not_waited_for(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    path, reason = {
        "fifo": ("fifo", "a FIFO, a socket or a device"),
        "socket": ("socket", "a FIFO, a socket or a device"),
        "device": ("/dev/zero", "a FIFO, a socket or a device"),
        "directory": (".", "this is a directory"),
        "absent": ("absent", "there is no such file"),
        "dangling": ("dangling", "which does not exist"),
        "circle": ("circle", "in a circle"),
        "nul": ("a\0b", "no file can have this name"),
    }[kind]
    os.mkfifo("fifo")
    os.symlink("nowhere", "dangling")
    os.symlink("circle", "circle")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for links in ("follow", "trusted"):
            with pytest.raises(FileError, match=reason) as caught:
                read_bounded(path, MAX_CONFIGURATION, links=links)
            assert caught.value.message.count(". ") >= 1, "one sentence says what is wrong, one what to do"


def test_a_link_is_refused_where_no_link_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_bounded(str(tmp_path / "link"), 100) == b"content"
    assert read_bounded(str(tmp_path / "file"), 100, links="none") == b"content"
    with pytest.raises(FileError, match="this is a symbolic link"):
        read_bounded(str(tmp_path / "link"), 100, links="none")


@pytest.mark.parametrize("where", ["the file", "a directory on the way"])
@pytest.mark.parametrize(("maker", "trusted"), [(0, True), (998, True), (SOMEBODY, False)])
def test_a_foreign_link_is_refused_where_trusted_ones_are_wanted(
    tmp_path: Path, where: str, maker: int, trusted: bool
) -> None:
    need_root("makes links that belong to others")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "file").write_bytes(b"content")
    os.chown(tmp_path / "etc" / "file", 998, 998)
    link = tmp_path / "link"
    link.symlink_to("etc/file" if where == "the file" else tmp_path / "etc")
    os.lchown(link, maker, maker)
    path = str(link if where == "the file" else link / "file")
    assert read_bounded(path, 100) == b"content"
    if trusted:
        assert read_bounded(path, 100, links="trusted") == b"content"
        return
    with pytest.raises(FileError, match=f"the symbolic link {link} on the way to the file belongs to uid {maker}"):
        read_bounded(path, 100, links="trusted")


def test_a_name_is_looked_up_in_the_directory_that_was_opened(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "file").write_bytes(b"one")
    directory = os.open(tmp_path / "one", os.O_RDONLY)
    try:
        (tmp_path / "one").rename(tmp_path / "moved")
        (tmp_path / "one").mkdir()
        (tmp_path / "one" / "file").write_bytes(b"two")
        assert read_bounded("file", 100, links="none", directory=directory) == b"one"
    finally:
        os.close(directory)


def test_an_open_file_can_be_read_in_parts(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(bytes(range(256)) * 1000)
    with open_regular(str(tmp_path / "library")) as descriptor:
        assert os.pread(descriptor, 3, 256 * 999 + 5) == b"\x05\x06\x07"


def test_the_start_of_a_file_is_read_without_the_rest(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(b"\x7fELF" * 100)
    assert [read_start(str(tmp_path / "library"), count) for count in (4, 1000)] == [b"\x7fELF", b"\x7fELF" * 100]
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(FileError, match="a FIFO"):
        read_start(str(tmp_path / "fifo"), 4)


def test_sizes_are_written_as_people_write_them() -> None:
    assert [size(count) for count in (5, 1024, 64 << 10, 16 << 20)] == ["5 bytes", "1 KiB", "64 KiB", "16 MiB"]
