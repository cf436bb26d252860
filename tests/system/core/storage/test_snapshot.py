"""Read a configuration file: which, through what, and what is said otherwise."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confkit.core.storage.snapshot import Snapshot, identity, opened, read_configuration
from testing.storage_child import as_somebody, open_to_all
from testing.storage_refusals import FILE_NAMES, not_hanging, refusal

OLD = b"HAConfiguration = {\n   statusTimeout = 3;\n}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Chrystoki.conf"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


@given(name=FILE_NAMES, data=st.binary(max_size=300) | st.just(bytes(range(256)) * 1000))
@settings(max_examples=50)
def test_read_returns_the_bytes_of_a_file_of_any_name(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, name)
        Path(path).write_bytes(data)
        status = os.stat(path)
        assert read_configuration(path) == data
        with opened(path) as snapshot:
            assert snapshot == Snapshot(snapshot.place, data, identity(status))
            assert snapshot.place.target == os.path.realpath(path)


def test_read_follows_relative_links(file: Path) -> None:
    directory = file.parent / "links"
    directory.mkdir()
    (directory / "second").symlink_to("../Chrystoki.conf")
    (directory / "first").symlink_to("second")
    with opened(str(directory / "first")) as snapshot:
        assert (snapshot.place.path, snapshot.place.target) == (str(directory / "first"), str(file.resolve()))
        assert snapshot.data == read_configuration(str(directory / "first")) == OLD


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("absent", "no such file"),
        ("absent/Chrystoki.conf", "no such file"),
        ("Chrystoki.conf/Chrystoki.conf", "not a directory"),
        ("dangling", "/nowhere, which does not exist"),
        ("circle", "circle"),
        (".", "is a directory"),
        ("fifo", "a FIFO, a socket or a device"),
        ("/dev/null", "a FIFO, a socket or a device"),
        ("n" * 300, "File name too long"),
        ("a\0b", "no file can have this name"),
        ("\ud800", "no file can have this name"),
    ],
)
def test_read_explains_what_is_no_readable_file(file: Path, path: str, reason: str) -> None:
    os.mkfifo(file.with_name("fifo"))
    file.with_name("dangling").symlink_to("nowhere")
    file.with_name("circle").symlink_to("circle")
    full = os.path.join(file.parent, path)
    with not_hanging():
        message = refusal(lambda: read_configuration(full))
    assert message.startswith(f"{full}: ")
    assert reason in message


def test_read_explains_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert "a FIFO, a socket or a device" in refusal(lambda: read_configuration("socket"))


def test_read_explains_a_missing_permission() -> None:
    with open_to_all() as directory:
        path = directory / "Chrystoki.conf"
        path.write_bytes(OLD)
        path.chmod(0)
        assert "no permission to read" in as_somebody(lambda: refusal(lambda: read_configuration(str(path))))
