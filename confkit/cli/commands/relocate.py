"""confkit relocate: move the paths of a file to another directory."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.cli.editing import Editing, edits, report
from confkit.cli.options import path_to_edit
from confkit.config import relocate
from confkit.config.edit import edit

EXAMPLES = """Examples:

confkit relocate /usr/safenet/lunaclient /opt/lunaclient --diff

confkit relocate /usr/safenet/lunaclient /luna -c ./image/etc/Chrystoki.conf
"""


@edits(create=False)
def command(
    old: Annotated[str, typer.Argument(metavar="FROM", help="The directory that paths lie below now.")],
    new: Annotated[str, typer.Argument(metavar="TO", help="The directory that they are to lie below.")],
    *,
    editing: Editing,
) -> int:
    """Rewrite the beginning of every path below FROM: the client was unpacked elsewhere, or runs in a container.

    Whole components are compared: /usr/luna is no part of /usr/lunaclient. Only entries that hold a path change; no
    file is moved.
    """
    path = path_to_edit(editing.config)
    outcome = edit(path, lambda document: relocate.relocated(document, old, new), editing.options)
    if not any(relocate.paths_below(outcome.document, directory) for directory in (old, new)):
        missing = f"no path lies below {old}, or below {new}. confkit show --format json lists the paths"
        outcome = outcome._replace(warnings=(*outcome.warnings, missing))
    return report(editing, outcome)
