# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read the file for a module that answers with what is in it: results travel through memory on both sides."""

from __future__ import annotations

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.reader import read_bounded

_MAX_BYTES = 1 << 20  # the longest real files have some 300 lines


def read(path: str) -> bytes:
    """Return the content of a regular file. FileError where it cannot be read, or has more than 1 MiB."""
    return read_bounded(path, _MAX_BYTES)
