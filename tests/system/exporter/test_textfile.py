"""The file for the node exporter: whole or not there."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from confkit.core.errors import FileError, UsageError
from confkit.exporter import textfile


def test_a_file_is_written_for_everybody_to_read(tmp_path: Path) -> None:
    path = tmp_path / "luna.prom"
    textfile.write(str(path), "first\n")
    textfile.write(str(path), "second\n")
    assert path.read_text() == "second\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in tmp_path.iterdir()] == ["luna.prom"]


def test_in_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    textfile.inspect("luna.prom")
    textfile.write("luna.prom", "x\n")
    assert Path("luna.prom").read_text() == "x\n"


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "luna.prom"
    texts = [letter * 100_000 for letter in "ab"]
    textfile.write(str(path), texts[0])
    done = threading.Event()
    seen: set[str] = set()

    def read() -> None:
        while not done.is_set():
            seen.update(found.read_text() for found in tmp_path.glob("*.prom"))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(60):
        textfile.write(str(path), texts[turn % 2])
    done.set()
    reader.join()
    assert seen <= set(texts)
    assert seen


def test_a_link_that_is_put_in_its_way_makes_no_other_file_readable(tmp_path: Path) -> None:
    """Whoever may write in the directory puts a link to a closed file where the temporary file is, again and again."""
    directory = tmp_path / "collector"
    directory.mkdir()
    closed = tmp_path / "closed"
    closed.write_text("secret")
    closed.chmod(0o600)
    (directory / "link").symlink_to(closed)
    done = threading.Event()
    exchanged: list[str] = []

    def exchange() -> None:
        while not done.is_set():
            for name in os.listdir(directory):
                if name.startswith(".luna"):
                    with suppress(OSError):
                        os.symlink(closed, directory / "planted")
                        os.rename(directory / "planted", directory / name)
                        exchanged.append(name)

    attacker = threading.Thread(target=exchange)
    attacker.start()
    try:
        for _ in range(200):
            with suppress(FileError):
                textfile.write(str(directory / "luna.prom"), "x\n" * 100_000)
    finally:
        done.set()
        attacker.join()
    assert exchanged
    assert stat.S_IMODE(closed.stat().st_mode) == 0o600
    assert closed.read_text() == "secret"


def test_a_left_over_of_a_run_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".luna.prom.confkit-new").write_text("half")
    textfile.write(str(tmp_path / "luna.prom"), "whole\n")
    assert [each.name for each in tmp_path.iterdir()] == ["luna.prom"]


def test_a_name_that_the_collector_does_not_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.prom"):
        textfile.inspect(str(tmp_path / "luna.txt"))


def test_links_and_directories_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("kept")
    (tmp_path / "link.prom").symlink_to(tmp_path / "real")
    (tmp_path / "directory.prom").mkdir()
    for name in ("link.prom", "directory.prom"):
        with pytest.raises(FileError, match=r"not an ordinary file.*Nothing was changed"):
            textfile.inspect(str(tmp_path / name))
    assert (tmp_path / "real").read_text() == "kept"


@pytest.mark.parametrize("directory", ["missing", "a-file"])
def test_a_directory_that_is_none_is_a_clear_error(tmp_path: Path, directory: str) -> None:
    (tmp_path / "a-file").write_text("")
    with pytest.raises(FileError, match=r"directory.*Nothing was changed"):
        textfile.inspect(str(tmp_path / directory / "luna.prom"))


def test_a_directory_that_cannot_be_written_to_is_noticed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # root may write anywhere, so that the answer of the system is made up here; tests/cli/test_exporter.py has a real one
    monkeypatch.setattr(os, "access", lambda *_arguments, **_options: False)
    with pytest.raises(FileError, match=r"cannot be written to.*Nothing was changed"):
        textfile.inspect(str(tmp_path / "luna.prom"))
