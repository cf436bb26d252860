from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from confkit.core.errors import FileError
from confkit.lsp import log


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    log.LOG.setLevel(logging.NOTSET)


def test_of_other_packages_only_the_pattern_and_the_kind_of_error(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log.start(str(path))
    log.LOG.info("opened %s", "a\x1b[2Jb")
    try:
        int("the secret")
    except ValueError:
        logging.getLogger("pygls").exception("cannot handle %s", "the secret")
    logging.getLogger("pygls").info("all of %s", "the secret")
    said = path.read_text()
    assert "opened a\\x1b[2Jb" in said
    assert "cannot handle %s\n  ValueError\n" in said
    assert "test_log.py" in said
    assert "the secret" not in said
    assert "all of" not in said


def test_of_a_finished_message_of_another_package_only_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log.start(str(path))

    async def fail() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(int, "the secret")
        loop.call_exception_handler({"message": "the secret", "value": "the secret"})
        task = loop.create_task(_failing("the secret"))
        await asyncio.wait([task])
        del task  # its exception was never looked at
        gc.collect()

    asyncio.run(fail())
    logging.getLogger("other").error(ValueError("the secret"))
    logging.getLogger("other").error(ValueError("the secret %s"), "the secret")
    said = path.read_text()
    assert "the secret" not in said
    assert said.count("ERROR asyncio: a message of ") == 3
    assert said.count("  ValueError\n") == 2
    assert said.count("ERROR other: a message of ") == 2
    assert "test_log.py" in said


async def _failing(text: str) -> None:
    int(text)


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the log cannot be written"):
        log.start(str(tmp_path / "no" / "log"))


def test_it_goes_on_with_a_log_of_its_own_and_with_an_empty_file(tmp_path: Path) -> None:
    path, link = tmp_path / "log", tmp_path / "link"
    path.touch()
    link.symlink_to(path)
    for name in (path, path, link):
        log.start(str(name))
        log.LOG.info("confkit 1.0 started")
    assert path.read_text().count("confkit.lsp: confkit 1.0 started\n") == 1 + 2 + 3  # one handler more each time


@pytest.mark.parametrize(
    "text",
    ["Chrystoki2 = {\n}\n", "\n", "x", "2026-11-28 22:00:00,123 INFO root: confkit.lsp: x\n", "confkit.lsp: x\n"],
)
def test_nothing_is_appended_to_any_other_file(tmp_path: Path, text: str) -> None:
    path, link = tmp_path / "Chrystoki.conf", tmp_path / "link"
    path.write_text(text)
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(FileError, match="is not a log of confkit lsp"):
            log.start(str(name))
    assert path.read_text() == text


def test_only_a_regular_file_is_a_log(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in (tmp_path / "fifo", tmp_path, Path("/dev/null")):
        with pytest.raises(FileError, match=r"log cannot be written|Name a regular file"):
            log.start(str(name))


def test_without_a_file_only_what_went_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    log.start(None)
    log.LOG.info("nothing")
    log.LOG.warning("something")
    assert "something" in capsys.readouterr().err
    assert "nothing" not in capsys.readouterr().err
