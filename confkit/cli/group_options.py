"""Options of the commands that make the live call: which library, which HA group."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit.core.errors import UsageError

Library = Annotated[
    str | None, typer.Option(metavar="SO", help="The client library; without it the one that the file names.")
]
SlotNumber = Annotated[int | None, typer.Option("--slot", metavar="N", help="The slot of the HA group.")]
Label = Annotated[str | None, typer.Option(metavar="L", help="The label of the HA group.")]


def chosen(slot: int | None, label: str | None) -> int | str | None:
    """Return the slot number or the label that names the group, None for the only one; UsageError for both."""
    if slot is not None and label is not None:
        raise UsageError("--slot and --label both name the group. Give one of them")
    return label if slot is None else slot
