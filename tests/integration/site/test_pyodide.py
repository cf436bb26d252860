"""confkit's modules in Pyodide, as the playground carries them: a few files here, a thousand in the campaign."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from testing.pyodide import drawn, in_pyodide, in_this_python
from testing.site import needs_playground
from tools.site.playground import archive

if TYPE_CHECKING:
    from pathlib import Path

FILES = 40


def test_findings_and_fixes_are_those_of_this_python(tmp_path: Path) -> None:
    needs_playground()
    files = drawn(FILES)
    assert len(files) == FILES
    answers = in_pyodide(files, tmp_path)
    expected = [in_this_python(*file) for file in files]
    assert answers == expected
    assert sum(bool(each["lint"]["diagnostics"]) for each in expected) > FILES // 4
    assert any(each["count"] for each in expected)


def test_the_archive_is_the_same_every_time_and_has_nothing_but_what_a_lint_needs() -> None:
    made = archive()
    assert made == archive()
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert {"browser.py", "confkit/__init__.py", "confkit/schemas/catalogue.json"} <= set(names)
    rooms = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert rooms == {"core", "config", "lint", "reports", "schemas"}
