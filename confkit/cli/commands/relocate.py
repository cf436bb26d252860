"""confkit relocate: move the paths of a file to another directory."""

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
    path_to_edit,
    warn,
)
from confkit.config import relocate
from confkit.config.edit import EditOptions, edit

if TYPE_CHECKING:
    from confkit.core.syntax import Document

EXAMPLES = """Examples:

confkit relocate /usr/safenet/lunaclient /opt/lunaclient --diff

confkit relocate /usr/safenet/lunaclient /luna -c ./image/etc/Chrystoki.conf
"""


def _complete(incomplete: str) -> list[str]:
    names = [name for names in relocate.DEFAULT_DIRECTORIES.values() for name in names]
    return [name for name in names if name.startswith(incomplete)]


def command(
    old: Annotated[
        str, typer.Argument(metavar="FROM", help="The directory that paths lie below now.", autocompletion=_complete)
    ],
    new: Annotated[str, typer.Argument(metavar="TO", help="The directory that they are to lie below.")],
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Rewrite the beginning of every path below FROM: the client was unpacked elsewhere, or runs in a container.

    Whole components are compared: /usr/luna is no part of /usr/lunaclient. Only entries that hold a path change; no
    file is moved.
    """

    def change(document: Document) -> Document:
        return relocate.relocated(document, old, new)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0
