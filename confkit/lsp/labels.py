"""The label of an HA group, which a file has in several places: rename it in all of them, go to its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from confkit.config import ha_groups
from confkit.core import ha

if TYPE_CHECKING:
    from confkit.core.ha import LabelPlace
    from confkit.lsp.open_file import OpenFile


def place_at(file: OpenFile, position: types.Position) -> LabelPlace | None:
    """Return the label of a group that stands at a position, and where; None for anything else."""
    line, column = file.place(position)
    for place in ha.label_places(file.document):
        if place.line == line and place.start <= column <= place.end:
            return place
    return None


def renamed(file: OpenFile, position: types.Position, new: str) -> list[types.TextEdit] | None:
    """Return the edits that give the group whose label stands at a position another one; None where there is none.

    UsageError for what cannot be a label, or is that of another group; FileError where two groups have the old one.
    """
    place = place_at(file, position)
    if place is None:
        return None
    edits = ha_groups.renaming(file.document, place.label, new)
    return [types.TextEdit(file.range(edit.line, edit.start, edit.end), new) for edit in edits]


def definition(file: OpenFile, position: types.Position) -> types.Location | None:
    """Return where the group is defined whose label stands at a position."""
    place = place_at(file, position)
    if place is None:
        return None
    wanted = ha.folded(file.document, place.label)
    for each in ha.label_places(file.document):
        if each.defines and ha.folded(file.document, each.label) == wanted:
            return types.Location(file.uri, file.range(each.line, each.start, each.end))
    return None
