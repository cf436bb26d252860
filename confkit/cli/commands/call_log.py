"""confkit call-log: the log of PKCS#11 calls, on or off."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.cli.editing import Editing, done, edits
from confkit.cli.options import one_of
from confkit.config import call_log
from confkit.core.errors import UsageError

EXAMPLES = """Examples:

confkit call-log on --file /var/log/luna/cklog.txt --diff

confkit call-log off
"""


@edits(create=False)
def command(
    switch: Annotated[str, typer.Argument(**one_of(("on", "off")), help="Whether calls are logged.")],
    file: Annotated[
        str | None, typer.Option(metavar="PATH", help="The log; without this the one that CkLog2 names already.")
    ] = None,
    *,
    editing: Editing,
) -> int:
    """Switch the log of PKCS#11 calls on or off: the library in Chrystoki2 and section CkLog2 together.

    The log can hold sensitive data of the calls. Running applications read the file when they start.
    """
    if switch == "on":
        return done(editing, lambda document: call_log.switched_on(document, file))
    if file is not None:
        raise UsageError("--file goes with call-log on. Leave it out. Nothing was changed")
    return done(editing, call_log.switched_off)
