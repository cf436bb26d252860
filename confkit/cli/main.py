"""The command `confkit`: imports the command line and runs it."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command with the arguments of this process, and end the process with its exit code."""
    # What an import makes stays: the collections of garbage that it sets off, and those at the exit, find none and take
    # a tenth of the time of a short command. This is the process of the command; a library may not do this.
    gc.disable()
    if shell := os.environ.get("_CONFKIT_COMPLETE"):
        from confkit.cli.completion.answer import answer  # noqa: PLC0415 - neither typer nor any command

        answer(shell, sys.argv[1:])
        return
    from confkit.cli.application import run_command  # noqa: PLC0415 - the first import of typer

    gc.freeze()
    gc.enable()
    run_command()
