"""What confkit finds in Pyodide, run by Node, beside what it finds in this Python."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from testing.configuration_files import any_bytes
from testing.findings import hostile_bytes
from testing.lint_files import unix_files, windows_files
from testing.programs import REPOSITORY
from tools.site import browser
from tools.site.playground import archive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

File = tuple[str, bytes]
"""The name of a file, and what is in it"""

_PROGRAM = REPOSITORY / "testing" / "pyodide_lint.mjs"
_LONGEST = 1200  # seconds
_NAMES = ("Chrystoki.conf", "crystoki.ini")
_FILES = st.one_of(
    st.tuples(st.just(_NAMES[0]), unix_files()),
    st.tuples(st.just(_NAMES[1]), windows_files()),
    st.tuples(st.sampled_from(_NAMES), any_bytes),
    st.tuples(st.sampled_from(_NAMES), hostile_bytes),
)


def drawn(count: int) -> list[File]:
    """Return `count` different files of the property tests, the same ones every time."""
    found: dict[File, None] = {}

    @settings(
        max_examples=2 * count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_FILES)
    def draw(file: File) -> None:
        found[file] = None

    draw()
    return list(found)[:count]


def in_pyodide(files: Sequence[File], directory: Path) -> list[dict[str, Any]]:
    """Return what Pyodide finds in each file, and what it makes of it; `directory` is for its input."""
    named = [{"name": name, "source": base64.b64encode(source).decode()} for name, source in files]
    (directory / "files.json").write_text(json.dumps(named))
    (directory / "confkit.zip").write_bytes(archive())
    done = subprocess.run(
        ["node", str(_PROGRAM), str(directory / "files.json"), str(directory / "confkit.zip")],
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    assert done.returncode == 0, done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def in_this_python(name: str, source: bytes) -> dict[str, Any]:
    """Return the same of one file, by this interpreter."""
    report, error = browser.lint(name, source)
    fixed, count = browser.fix(name, source)
    lint = {**json.loads(report), "error": error}
    return {"lint": lint, "fixed": base64.b64encode(fixed).decode(), "count": count}
