"""The playground finds what the command line finds: a thousand files of the property tests, in Pyodide and in CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING

from testing.pyodide import drawn, in_pyodide, in_this_python
from testing.site import needs_playground

if TYPE_CHECKING:
    from pathlib import Path

FILES = (300, 1000)  # in the short and in the long profile


def test_every_file_has_the_same_findings_and_the_same_fixes(tmp_path: Path, *, long_campaign: bool) -> None:
    needs_playground()
    files = drawn(FILES[long_campaign])
    for file, answer in zip(files, in_pyodide(files, tmp_path), strict=True):
        assert answer == in_this_python(*file), file
    assert len(files) == FILES[long_campaign]
