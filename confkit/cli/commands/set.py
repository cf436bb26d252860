"""confkit set: any entry, held against the catalogue."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.edited import report
from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    EntryName,
    InPlace,
    LockTimeout,
    SectionName,
    path_to_edit,
    warn,
)
from confkit.config.edit import EditOptions, edit, setting
from confkit.core.redact import BY_CONTENT
from confkit.core.validate import warnings_about

if TYPE_CHECKING:
    from confkit.core.syntax import Document

# a value such as -1 is not an option
SETTINGS = {"ignore_unknown_options": True}
EXAMPLES = """Examples:

confkit set HAConfiguration HAOnly 1

confkit set "LunaSA Client" ReceiveTimeout 20000 --diff --backup

confkit set REST AuthTokenClientSecret - < secret.txt
"""


def command(
    section: SectionName,
    key: EntryName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value; - reads it from standard input.")],
    config: Config = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Set an entry that the catalogue does not know, and edit the file even if it does not look like a "
            "configuration, or looks half written.",
        ),
    ] = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    lock_timeout: LockTimeout = 10.0,
) -> int:
    """Set one entry; name, type and bounds are checked first.

    The bounds of statusTimeout hold with --force too. A secret is best given on standard input: other users of the host
    can see the arguments of a command.
    """
    if value == "-":
        value = sys.stdin.readline().rstrip("\r\n")
    warnings: list[str] = []

    def change(document: Document) -> Document:
        warnings.extend(warnings_about(section, key, value, windows=document.windows, force=force))
        return setting(section, key, value)(document)

    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    outcome = edit(path_to_edit(config), change, options, entries=[(section, key)])
    for warning in warnings:
        warn(warning)
    shown = BY_CONTENT.hide_value(key, value)
    done = "set (a secret, not shown)" if shown is None else f"= {shown}"
    already = "already this value (a secret, not shown)" if shown is None else f"already {shown}"
    return report(outcome, f"{section}/{key} {done}", already, diff=diff, dry_run=dry_run)
