"""chrystoki_info answers what `confkit show` prints; what cannot be read is an error, there and in chrystoki_lint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from testing.ansible_running import run_module
from testing.programs import REPOSITORY

SAMPLES = sorted(path for path in (REPOSITORY / "samples").rglob("*") if path.suffix in {".conf", ".ini"})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_chrystoki_info_answers_what_show_prints(python: str, root: Path, path: Path) -> None:
    result = run_module(python, root, "chrystoki_info", {"path": str(path)}).result
    assert result["changed"] is False
    command = [sys.executable, "-m", "confkit", "show", "-c", str(path), "--format", "json"]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY).stdout)
    assert {"version": 1, **{field: result[field] for field in shown if field != "version"}} == shown
    jsonschema.validate(shown, json.loads((REPOSITORY / "schemas" / "json" / "show.json").read_text()))


@pytest.mark.parametrize("name", ["chrystoki_info", "chrystoki_lint"])
def test_what_cannot_be_read(name: str, python: str, root: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.conf"
    large.write_bytes(b"#" * ((1 << 20) + 1))
    for path, said in {
        tmp_path / "none": "there is no such file",
        tmp_path: "no Chrystoki.conf or crystoki.ini",
        large: "more than 1 MiB",
        Path("/dev/null"): "a FIFO, a socket or a device",
    }.items():
        done = run_module(python, root, name, {"path": str(path)})
        assert said in done.result["msg"]
        assert done.result["failed"] is True
