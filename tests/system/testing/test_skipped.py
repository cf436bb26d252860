"""The line at the end of a run that names what was skipped."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY
from testing.skipped import skipped_line

if TYPE_CHECKING:
    from pathlib import Path

SUITE = """
import pytest
from testing.programs import needs

@pytest.mark.parametrize("number", range(3))
def test_needing_a_program(number):
    needs("no-such-program")

def test_for_another_reason():
    pytest.skip("needs a fine day")

def test_that_runs():
    pass
"""


def test_reasons_are_counted_and_the_commonest_comes_first() -> None:
    reasons = ["needs b (get b)", "Skipped: needs a (get a)", "needs b (get b)"]
    assert skipped_line(reasons) == "3 skipped: 2 needs b (get b); 1 needs a (get a)"
    assert skipped_line([]) is None


def test_a_run_ends_with_the_line(tmp_path: Path) -> None:
    """With the project's own conftest and with workers, which send their reports to the process that prints."""
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    (tmp_path / "tests" / "conftest.py").write_text((REPOSITORY / "tests" / "conftest.py").read_text())
    (tmp_path / "tests" / "unit" / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {REPOSITORY}\nmarkers = unit: a tier\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    *_, line, totals = done.stdout.splitlines()
    assert line == "4 skipped: 3 needs no-such-program (apt-get install no-such-program); 1 needs a fine day"
    assert "1 passed, 4 skipped" in totals
