"""The report's own file: a new one, whole, that only its owner may read."""

from __future__ import annotations

import os

from confkit.core.errors import FileError
from confkit.core.storage.atomic import Place, confirm, explained, link_first_free, open_folder, temporary
from confkit.core.storage.file import edit_lock


def inspect(path: str) -> None:
    """Look whether there is a place for a new file `path`, before time is spent. Raise FileError where there is not."""
    if os.path.lexists(path):
        raise FileError("this exists already. Name a new file with --output, or remove this one first.", path=path)
    with explained(path), open_folder(os.path.dirname(path) or os.curdir):
        pass


def write(path: str, text: str) -> None:
    """Write a file that did not exist, with mode 0600. Raise FileError, with nothing changed, where that fails."""
    folder, name = os.path.split(path)
    with edit_lock(path), explained(path), open_folder(folder or os.curdir) as descriptor:
        place = Place(descriptor, name, path)
        with temporary(place, text.encode(), None):
            link_first_free(place, [name])
        confirm(place)
