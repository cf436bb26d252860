"""The file that `confkit check --save` writes: a new one, or in the place of earlier evidence; whole or not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError, UsageError
from confkit.core.storage.advice import explained
from confkit.core.storage.atomic import create
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.output import replace_earlier
from confkit.core.storage.reader import read_bounded
from confkit.core.storage.walk import reached
from confkit.reports.check.resume import LARGEST_BYTES, parsed

if TYPE_CHECKING:
    from confkit.reports.check.models import CheckView


def inspect(path: str) -> None:
    """Look whether `path` can be written, before the time for a check is spent.

    UsageError where a file is there that is not the JSON output of a check, FileError where it cannot be read or there
    is no place for a new one.
    """
    if os.path.lexists(path):
        _refuse_other(path, read_bounded(path, LARGEST_BYTES, links="trusted"))
    with explained(path), reached(path) as place:
        if os.access(os.curdir, os.W_OK | os.X_OK, dir_fd=place.directory):
            return
    raise FileError(
        "its directory cannot be written to. Run this as its owner, or name another file with --save. "
        "Nothing was changed.",
        path=path,
    )


def save(path: str, view: CheckView) -> None:
    """Write the result for --resume. Errors as above; the old file is whole then."""
    data = (view.model_dump_json(indent=2) + "\n").encode()
    if os.path.lexists(path):
        replace_earlier(path, data, lambda old: _refuse_other(path, old))
        return
    with edit_lock(path, follow=False) as place:
        create(place, data, None, _mode())


def _refuse_other(path: str, data: bytes) -> None:
    try:
        parsed(path, data)
    except FileError as error:
        raise UsageError(
            "this exists and is not the JSON output of confkit check (version 2), so it is not replaced. Name another "
            "file with --save, or remove this one",
            path=path,
        ) from error


def _mode() -> int:
    """Return the mode of a new file, as the user's umask has it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
