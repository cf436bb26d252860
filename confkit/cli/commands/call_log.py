"""confkit call-log: the log of PKCS#11 calls, on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.edited import report_changes
from confkit.cli.options import (
    Backup,
    Config,
    Diff,
    DryRun,
    Force,
    Format,
    InPlace,
    LockTimeout,
    OutputFormat,
    one_of,
    path_to_edit,
    warn,
)
from confkit.config import call_log
from confkit.config.edit import EditOptions, edit
from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from confkit.core.syntax import Document

EXAMPLES = """Examples:

confkit call-log on --file /var/log/luna/cklog.txt --diff

confkit call-log off
"""


def command(
    switch: Annotated[str, typer.Argument(**one_of(("on", "off")), help="Whether calls are logged.")],
    file: Annotated[
        str | None, typer.Option(metavar="PATH", help="The log; without this the one that CkLog2 names already.")
    ] = None,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Switch the log of PKCS#11 calls on or off: the library in Chrystoki2 and section CkLog2 together.

    The log can hold sensitive data of the calls. Running applications read the file when they start.
    """
    if switch == "off" and file is not None:
        raise UsageError("--file goes with call-log on. Leave it out. Nothing was changed")

    def change(document: Document) -> Document:
        return call_log.switched_on(document, file) if switch == "on" else call_log.switched_off(document)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0
