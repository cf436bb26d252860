"""One check, written for the textfile collector of the node exporter: a new file, whole, or nothing.

The collector reads every file *.prom in its folder, whenever it is scraped: https://github.com/prometheus/node_exporter
says to write to a temporary file in the same folder and to rename it. It runs as a user of its own: mode 0644.
"""

from __future__ import annotations

import os

from confkit.core.errors import FileError, UsageError
from confkit.core.storage.atomic import Place, confirm, explained, open_folder, rename_over, temporary
from confkit.core.storage.file import edit_lock

_SUFFIX = ".prom"
_MODE = 0o644


def inspect(path: str) -> None:
    """Look whether `path` can be written, before the time for a check is spent. Raise UsageError or FileError."""
    if not path.endswith(_SUFFIX):
        raise UsageError(f"{path} does not end in {_SUFFIX}: the node exporter would not read it. Name one that does")
    if os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path)):
        raise FileError("this is no ordinary file. Name the file itself. Nothing was changed.", path=path)
    folder = os.path.dirname(path) or os.curdir
    with explained(path), open_folder(folder):
        pass
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(
            "its folder cannot be written to. Run this as its owner, or name another one. Nothing was changed.",
            path=path,
        )


def write(path: str, text: str) -> None:
    """Put `text` in the place of whatever file `path` was, by one rename. Raise FileError, with nothing changed."""
    folder, name = os.path.split(path)
    with edit_lock(path), explained(path), open_folder(folder or os.curdir) as descriptor:
        place = Place(descriptor, name, path)
        with temporary(place, text.encode(), None):
            os.chmod(place.temporary, _MODE, dir_fd=descriptor)
            rename_over(place)
        confirm(place)
