from __future__ import annotations

import logging
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


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the log cannot be written"):
        log.start(str(tmp_path / "no" / "log"))


def test_without_a_file_only_what_went_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    log.start(None)
    log.LOG.info("nothing")
    log.LOG.warning("something")
    assert "something" in capsys.readouterr().err
    assert "nothing" not in capsys.readouterr().err
