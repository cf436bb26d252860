"""confkit set-timeout: the one edit this project exists for."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.cli.editing import Editing, Said, edits, report
from confkit.cli.options import path_to_edit
from confkit.config.edit import set_in_file
from confkit.core import timeout
from confkit.core.ha import groups_anywhere

# "-1" is a bad value, to be answered with the bounds, and not an unknown option
SETTINGS = {"ignore_unknown_options": True}
EXAMPLES = """Examples:

confkit set-timeout 10

confkit set-timeout 10 --dry-run --diff

confkit set-timeout 10 -c /opt/luna/Chrystoki.conf --backup
"""


@edits()
def command(
    seconds: Annotated[str, typer.Argument(metavar="SECONDS", help="A whole number from 3 to 60.")],
    *,
    editing: Editing,
) -> int:
    """Set statusTimeout in section HAConfiguration: the limit of one live HA status call, in seconds.

    Only the value's own bytes change. The default of the client is 3, and 60 is the most it takes. Running applications
    read the file when they start.
    """
    value = str(timeout.seconds_from(seconds))
    outcome = set_in_file(path_to_edit(editing.config), timeout.SECTION, timeout.KEY, value, editing.options)
    idle = not groups_anywhere(outcome.document)
    note = "there is no HA group in it, so statusTimeout has no effect yet" if idle else None
    return report(editing, outcome, Said(f"{timeout.SECTION}/{timeout.KEY} = {value} s", f"already {value} s", note))
