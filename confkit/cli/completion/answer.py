"""Answer the script of a shell that asks what may stand at the cursor.

The script sets _CONFKIT_COMPLETE to its name. bash passes the line up to the cursor and its word breaks; zsh and fish
pass the words behind `confkit`, the last one as far as it is typed. The answer's first line says who completes: `words`
(the lines below are the candidates, in zsh and fish each with a tab and a description), `files`, `directories`, or
`commands`.
Neither typer nor any command is imported here: this runs at every press of the key.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from confkit.cli.completion.bash_line import reply, split
from confkit.cli.completion.command_line import Candidates, candidates

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(shell: str, arguments: Sequence[str]) -> None:
    """Print what may stand at the cursor. An error prints nothing: completion has nowhere to complain."""
    try:
        lines = list(_lines(shell, arguments))
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - a message would stand in the middle of the line that is typed
        return


def _lines(shell: str, arguments: Sequence[str]) -> list[str]:
    if shell == "bash":
        line = split(arguments[0], arguments[1] if len(arguments) > 1 else "")
        found = candidates(line.words[1:], line.current)
        return [found.kind, *(reply(line, value) for value, _ in _printable(found))]
    found = candidates(list(arguments[:-1]), arguments[-1] if arguments else "")
    return [found.kind, *(f"{value}\t{about}" if about else value for value, about in _printable(found))]


def _printable(found: Candidates) -> list[tuple[str, str]]:
    """Return the candidates without those that a terminal, or a line of the answer, would not take as they are."""
    return [(value, about) for value, about in found.words if value.isprintable()]
