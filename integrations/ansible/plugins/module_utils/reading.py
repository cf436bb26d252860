# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read the file for a module that answers with what is in it: results travel through memory on both sides."""

from __future__ import annotations

import os

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import FileError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage import file as configfile

_MOST_BYTES = 1 << 20  # the longest real files have some 300 lines


def read(path: str) -> bytes:
    """Return the content of a regular file. FileError as `configfile.read`, and for more than 1 MiB."""
    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        size = 0  # configfile.read fails too, and says why
    if size > _MOST_BYTES:
        raise FileError("it has more than 1 MiB; that is no configuration file of the client", path=path)
    return configfile.read(path).data
