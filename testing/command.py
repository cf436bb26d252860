"""Run the command as users do: as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NamedTuple


class Result(NamedTuple):
    code: int
    out: str
    err: str


def confkit(*arguments: str, stdin: str | bytes = b"", environment: dict[str, str] | None = None) -> Result:
    """Run `confkit` with these arguments, nothing of this process's configuration in the environment."""
    inherited = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    done = subprocess.run(
        [sys.executable, "-m", "confkit", *arguments],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        check=False,
        timeout=60,
        env={**inherited, "COLUMNS": "120", **(environment or {})},
    )
    return Result(
        done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "replace")
    )
