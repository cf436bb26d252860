"""confkit apply: many entries at once, all of them or none."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from confkit.cli.editing import Editing, edits, report
from confkit.cli.options import path_to_edit
from confkit.config.edit import apply

EXAMPLES = """Examples:

confkit apply changes.toml --diff --backup

confkit apply changes.toml --check

confkit apply - < changes.toml
"""


_Force = Annotated[
    bool, typer.Option("--force", help="Also set entries that the catalogue does not know, in any file.")
]


@edits(force=_Force)
def command(
    changes: Annotated[
        str,
        typer.Argument(metavar="CHANGES", help="A change file: TOML, or JSON by its suffix. - reads standard input."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if something would change.")
    ] = False,
    *,
    editing: Editing,
) -> int:
    """Set and remove many entries in one edit: all of them, or none.

    Every name, type and bound is checked before the first byte changes, and all that is wrong is listed. A change file
    has tables [set."SECTION"] with lines KEY = VALUE, and a table [unset] with lists of keys. A secret is best given as
    { env = "NAME" } or { file = "PATH" }.
    """
    # pydantic and TOML, which no other edit needs
    from confkit.config.change_file import load  # noqa: PLC0415

    wanted = load(changes, os.environ)
    options = editing.options._replace(dry_run=editing.options.dry_run or check)
    outcome = apply(path_to_edit(editing.config), wanted, options)
    report(editing, outcome)
    return 1 if check and outcome.before != outcome.after else 0
