"""The syntax package runs on Python 3.8 with nothing installed: a fleet module carries it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from testing.programs import REPOSITORY, interpreter

_USE = """
import sys
sys.path.insert(0, sys.argv[1])
from syntax import parse, set_entry, unset_entry
source = sys.stdin.buffer.read()
document = parse(source, "Chrystoki.conf")
assert document.to_bytes() == source
edited = set_entry(document, "HAConfiguration", "statusTimeout", "10")
assert unset_entry(edited, "HAConfiguration", "statusTimeout").to_bytes() == source
assert parse(b"[A]\\r\\nx=1").get("a", "X") == "1"
assert sys.version_info[:2] == (3, 8), sys.version
sys.stdout.buffer.write(edited.to_bytes())
"""


def test_the_syntax_package_alone_runs_on_python_38(tmp_path: Path) -> None:
    python = interpreter("3.8")
    shutil.copytree(
        REPOSITORY / "confkit" / "core" / "syntax", tmp_path / "syntax", ignore=shutil.ignore_patterns("__pycache__")
    )
    source = b"HAConfiguration = {\n   HAOnly = 1;\n}\n"
    done = subprocess.run(
        [python, "-S", "-E", "-c", _USE, str(tmp_path)], input=source, capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.stdout == b"HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 10;\n}\n"
