"""confkit set: any entry, held against the catalogue."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from confkit.cli.editing import Editing, Said, edits, report
from confkit.cli.options import EntryName, SectionName, path_to_edit
from confkit.config.edit import apply
from confkit.core.changeset import ChangeSet
from confkit.core.redact import BY_CONTENT

# a value such as -1 is not an option
SETTINGS = {"ignore_unknown_options": True}
EXAMPLES = """Examples:

confkit set HAConfiguration HAOnly 1

confkit set "LunaSA Client" ReceiveTimeout 20000 --diff --backup

confkit set REST AuthTokenClientSecret - < secret.txt
"""


_Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Set an entry that the catalogue does not know, and edit the file even if it does not look like a "
        "configuration, or looks half written.",
    ),
]


@edits(force=_Force)
def command(
    section: SectionName,
    key: EntryName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value; - reads it from standard input.")],
    *,
    editing: Editing,
) -> int:
    """Set one entry; name, type and bounds are checked first.

    The bounds of statusTimeout hold with --force too. A secret is best given on standard input: other users of the host
    can see the arguments of a command.
    """
    if value == "-":
        value = sys.stdin.readline().rstrip("\r\n")
    outcome = apply(path_to_edit(editing.config), ChangeSet(set=((section, key, value),)), editing.options)
    shown = BY_CONTENT.hide_value(key, value)
    done = "set (a secret, not shown)" if shown is None else f"= {shown}"
    already = "already this value (a secret, not shown)" if shown is None else f"already {shown}"
    return report(editing, outcome, Said(f"{section}/{key} {done}", already))
