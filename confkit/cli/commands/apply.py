"""confkit apply: many entries at once, all of them or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.edited import report_changes
from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    Format,
    InPlace,
    LockTimeout,
    OutputFormat,
    path_to_edit,
    warn,
)
from confkit.config.edit import EditOptions, edit

if TYPE_CHECKING:
    from confkit.core.syntax import Document

EXAMPLES = """Examples:

confkit apply changes.toml --diff --backup

confkit apply changes.toml --check

confkit apply - < changes.toml
"""


def command(
    changes: Annotated[
        str,
        typer.Argument(metavar="CHANGES", help="A change file: TOML, or JSON by its suffix. - reads standard input."),
    ],
    config: Config = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if something would change.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also set entries that the catalogue does not know, in any file.")
    ] = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Set and remove many entries in one edit: all of them, or none.

    Every name, type and bound is checked before the first byte changes, and all that is wrong is listed. A change file
    has tables [set."SECTION"] with lines KEY = VALUE, and a table [unset] with lists of keys. A secret is best given as
    { env = "NAME" } or { file = "PATH" }.
    """
    # pydantic and TOML, which no other edit needs
    from confkit.config.change_file import load  # noqa: PLC0415

    wanted = load(changes, os.environ)
    warnings: list[str] = []

    def change(document: Document) -> Document:
        warnings.extend(wanted.warnings(windows=document.windows, force=force))
        return wanted.applied_to(document, force=force)

    options = EditOptions(dry_run or check, backup, in_place, force, create, lock_timeout, warn)
    outcome = edit(path_to_edit(config), change, options, entries=wanted.entries)
    for warning in warnings:
        warn(warning)
    report_changes(outcome, output, diff=diff)
    return 1 if check and outcome.before != outcome.after else 0
