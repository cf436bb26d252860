"""Run many confkit commands quickly: one process imports everything once and forks for each of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from testing.command import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDED_BY_SIGNAL = 1000


def run_many(commands: Sequence[tuple[Sequence[str], str]], environment: dict[str, str] | None = None) -> list[Result]:
    """Return the result of each command, given as its arguments and its standard input, in the order given."""
    inherited = {name: value for name, value in os.environ.items() if name != "ChrystokiConfigurationPath"}
    done = subprocess.run(
        [sys.executable, "-m", "testing.many_commands"],
        input=json.dumps([[list(arguments), stdin] for arguments, stdin in commands]),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**inherited, "COLUMNS": "200", **(environment or {})},
    )
    return [Result(*each) for each in json.loads(done.stdout)]


def _main() -> None:
    asked = json.load(sys.stdin)
    _import_everything()
    json.dump([_run(arguments, stdin) for arguments, stdin in asked], sys.stdout)


def _import_everything() -> None:
    from importlib import import_module  # noqa: PLC0415 - in the process that runs commands alone

    from confkit.cli.application import VERBS  # noqa: PLC0415 - as above

    for module in VERBS.values():
        import_module(f"confkit.cli.commands.{module}")
    for name in ("confkit.reports.show.text", "confkit.reports.difference", "confkit.lint.rules"):
        import_module(name)


def _run(arguments: list[str], stdin: str) -> list[Any]:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode("utf-8", "surrogateescape"))
        given.seek(0)
        child = os.fork()
        if child == 0:
            _become([given.fileno(), out.fileno(), err.fileno()], arguments)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        code = status if status >= 0 else _ENDED_BY_SIGNAL - status
        texts = [os.pread(file.fileno(), 1 << 26, 0).decode("utf-8", "replace") for file in (out, err)]
    return [code, *texts]


def _become(files: list[int], arguments: list[str]) -> None:
    """Run the command in this child, and end it."""
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace")
    sys.argv = ["confkit", *arguments]
    code = 1
    try:
        from confkit.cli.application import run_command  # noqa: PLC0415 - as above

        run_command()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _main()
