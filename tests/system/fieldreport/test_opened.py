from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from confkit.fieldreport import opened

needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify is Linux's")


@needs_linux
def test_a_file_that_another_process_opens_is_seen(tmp_path: Path) -> None:
    read, unread, missing = (str(tmp_path / name) for name in ("read", "unread", "missing"))
    for path in (read, unread):
        Path(path).write_text("x")
    with opened.watched([read, unread, missing]) as answer:
        assert answer() == {read: False, unread: False, missing: None}
        subprocess.run([sys.executable, "-c", "import sys; open(sys.argv[1]).close()", read], check=True)
        assert answer() == {read: True, unread: False, missing: None}
        assert answer()[read] is True  # it stays so


@needs_linux
def test_no_descriptor_is_left(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with opened.watched([str(tmp_path)]):
        pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_without_inotify_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    with opened.watched([str(tmp_path)]) as answer:
        assert answer() == {str(tmp_path): None}
