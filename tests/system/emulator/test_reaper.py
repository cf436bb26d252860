from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY, needs

if TYPE_CHECKING:
    from pathlib import Path


def reaper(temporary: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "confkit.emulator.reaper"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(temporary)},
        process_group=0,
    )


def test_it_removes_what_it_was_told_and_ends_its_process_group(tmp_path: Path) -> None:
    needs("sleep")
    kept, file, folder = tmp_path / "kept", tmp_path / "file", tmp_path / "folder"
    for made in (kept, folder):
        made.mkdir()
    file.write_text("")
    kept.joinpath("something").write_text("")
    link = tmp_path / "link"
    link.symlink_to(kept)
    with reaper(tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        private = process.stdout.readline().decode().strip()
        assert os.path.isdir(private)
        with subprocess.Popen(["sleep", "600"], process_group=process.pid) as other:
            other.send_signal(signal.SIGSTOP)
            process.terminate()  # is not heeded: there is something left to do
            for path in (kept, file, folder, link, tmp_path / "missing"):
                process.stdin.write(json.dumps(str(path)).encode() + b"\n")
            process.stdin.close()
            assert other.wait(60) == -signal.SIGTERM
        assert process.wait(60) == 0
    assert os.listdir(tmp_path) == ["kept"]
    assert os.listdir(kept) == ["something"]
