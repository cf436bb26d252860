"""`python -m tools.generate`: everything generated is current; what is stale or left over is named and put right."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from testing.programs import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.generate", *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_generated_is_current() -> None:
    done = generate("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_missing_stale_or_left_over_is_named_and_then_written(tmp_path: Path) -> None:
    nothing = generate("--check", "--root", tmp_path)
    assert nothing.returncode == 1
    assert nothing.stderr == "Run: python -m tools.generate\n"
    assert not list(tmp_path.iterdir()), "--check writes nothing"

    assert generate("--root", tmp_path).returncode == 0
    assert (tmp_path / "schemas/catalogue.json").read_bytes() == (REPOSITORY / "schemas/catalogue.json").read_bytes()
    assert len(list((tmp_path / "docs/rules").iterdir())) > 100
    assert generate("--check", "--root", tmp_path).stdout == ""

    (tmp_path / "docs/entries.md").write_text("old")
    (tmp_path / "docs/rules/CK999.md").write_text("of a rule that is gone")
    stale = generate("--check", "--root", tmp_path)
    assert (stale.returncode, stale.stdout) == (1, "stale: docs/entries.md\nstale: docs/rules/CK999.md\n")
    assert generate("--root", tmp_path).stdout == "wrote: docs/entries.md\nwrote: docs/rules/CK999.md\n"
    assert generate("--check", "--root", tmp_path).returncode == 0
