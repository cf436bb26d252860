"""A private copy of the configuration with another statusTimeout: the user's file is never touched.

Mode 0600 in a 0700 folder. It is removed when the block ends, also on SIGINT and SIGTERM; should this process be killed
outright, the worker sees its pipe close and removes it (confkit.luna.worker).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confkit import timeout
from confkit.editing import changed
from confkit.syntax import set_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.syntax import Document


@contextmanager
def private_copy(document: Document, path: str, seconds: int) -> Iterator[str]:
    """Yield the folder of a copy whose statusTimeout is `seconds`; FileError where that cannot be set safely."""

    def change(copy: Document) -> Document:
        return set_entry(copy, timeout.SECTION, timeout.KEY, str(seconds))

    data = changed(path, document.to_bytes(), change)
    folder = tempfile.mkdtemp(prefix="confkit-")  # 0700
    try:
        copy = os.path.join(folder, "Chrystoki.conf")
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the worker may have removed it already
