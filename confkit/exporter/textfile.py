"""One check, written for the textfile collector of the node exporter: a new file, whole, or nothing.

The collector reads every file *.prom in its directory, whenever it is scraped: https://github.com/prometheus/node_exporter
says to write to a temporary file in the same directory and to rename it. It runs as a user of its own: mode 0644.
"""

from __future__ import annotations

import os

from confkit.core.errors import FileError, UsageError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import check_renamed, confirm, rename_over, temporary
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.walk import reached

_SUFFIX = ".prom"
_MODE = 0o644


def inspect(path: str) -> None:
    """Look whether `path` can be written, before the time for a check is spent. Raise UsageError or FileError."""
    if not path.endswith(_SUFFIX):
        raise UsageError(f"{path} does not end in {_SUFFIX}: the node exporter would not read it. Name one that does")
    if os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path)):
        raise FileError("this is not an ordinary file. Name the file itself. Nothing was changed.", path=path)
    with explained(path), reached(path) as place:
        if os.access(os.curdir, os.W_OK | os.X_OK, dir_fd=place.directory):
            return
    raise FileError(
        "its directory cannot be written to. Run this as its owner, or name another one. Nothing was changed.",
        path=path,
    )


def write(path: str, text: str) -> None:
    """Put `text` in the place of whatever file `path` was, readable by all. Raise FileError, with nothing changed."""
    replace_file(path, text, _MODE)


def replace_file(path: str, text: str, mode: int) -> None:
    """Replace a file of our own by one rename; `mode` is set before it has its name. FileError: nothing was changed."""
    with edit_lock(path, follow=False) as place, explained(path):
        with temporary(place, text.encode(), mode=mode) as written:
            rename_over(place)
        check_renamed(place, written)
        confirm(place)
