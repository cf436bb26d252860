"""A private copy of the configuration with another statusTimeout: the user's file is never touched.

Mode 0600 in a 0700 directory. It is removed when the block ends, also on SIGINT and SIGTERM, and by the cleanup process
should this process be killed outright.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confkit.core import timeout
from confkit.core.change import changed
from confkit.core.errors import UnavailableError
from confkit.core.syntax import set_entry
from confkit.live import reaper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document

CLIENT_NAME = "Chrystoki.conf"
"""What the client appends to ChrystokiConfigurationPath (e_gem.c of Thales, MIT)."""


@contextmanager
def private_copy(document: Document, path: str, seconds: int) -> Iterator[str]:
    """Yield the folder of a copy whose statusTimeout is `seconds`.

    FileError where that cannot be set safely, UnavailableError where there is no place for a copy.
    """

    def change(copy: Document) -> Document:
        return set_entry(copy, timeout.SECTION, timeout.KEY, str(seconds))

    import tempfile  # noqa: PLC0415 - most checks need no copy

    data = changed(path, document.to_bytes(), change)
    # Its name is known before it is made, so that no moment is left in which this process could be killed and the copy
    # stay. Nobody can guess the name, and mkdir fails where there is such a folder already.
    try:
        folder = os.path.join(tempfile.gettempdir(), f"confkit-{os.urandom(16).hex()}")
    except OSError as error:
        raise _no_place(error) from error
    cleanup = reaper.start(folder=folder)
    try:
        try:
            _write(folder, data)
        except OSError as error:
            raise _no_place(error) from error
        yield folder
    finally:
        reaper.finish(cleanup)


def _write(folder: str, data: bytes) -> None:
    os.mkdir(folder, 0o700)
    descriptor = os.open(os.path.join(folder, CLIENT_NAME), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _no_place(error: OSError) -> UnavailableError:
    return UnavailableError(
        f"there is no directory for a private copy of the configuration ({error.strerror}). Let TMPDIR name one that "
        "is writable and has room."
    )
