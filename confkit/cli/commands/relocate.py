"""confkit relocate: move the paths of a file to another directory."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.cli.editing import Editing, done, edits
from confkit.config import relocate

EXAMPLES = """Examples:

confkit relocate /usr/safenet/lunaclient /opt/lunaclient --diff

confkit relocate /usr/safenet/lunaclient /luna -c ./image/etc/Chrystoki.conf
"""


def _complete(incomplete: str) -> list[str]:
    names = [name for names in relocate.DEFAULT_DIRECTORIES.values() for name in names]
    return [name for name in names if name.startswith(incomplete)]


@edits(create=False)
def command(
    old: Annotated[
        str, typer.Argument(metavar="FROM", help="The directory that paths lie below now.", autocompletion=_complete)
    ],
    new: Annotated[str, typer.Argument(metavar="TO", help="The directory that they are to lie below.")],
    *,
    editing: Editing,
) -> int:
    """Rewrite the beginning of every path below FROM: the client was unpacked elsewhere, or runs in a container.

    Whole components are compared: /usr/luna is no part of /usr/lunaclient. Only entries that hold a path change; no
    file is moved.
    """
    return done(editing, lambda document: relocate.relocated(document, old, new))
