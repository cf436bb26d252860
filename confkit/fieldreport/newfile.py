"""The report's own file: a new one, whole, that only its owner may read."""

from __future__ import annotations

import os

from confkit.core.errors import FileError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import create
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.walk import reached


def inspect(path: str) -> None:
    """Look whether there is a place for a new file `path`, before time is spent. Raise FileError where there is not."""
    if os.path.lexists(path):
        raise FileError("this exists already. Name a new file with --output, or remove this one first.", path=path)
    with explained(path), reached(path):
        pass


def write(path: str, text: str) -> None:
    """Write a file that did not exist, with mode 0600. Raise FileError, with nothing changed, where that fails."""
    with edit_lock(path, follow=False) as place:
        create(place, text.encode(), None)
