# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""An edit of the file on the managed host: lock, read, change, ask, replace, read back.

The file is replaced by confkit's own storage, carried along, and not by AnsibleModule.atomic_move. That takes no lock,
so two editors can undo each other's work; it does not look whether the file changed since it was read; it puts the new
file in the place of a symbolic link; it does not sync the file or its folder; and it falls back to writing in place,
where a crash leaves half a file. confkit's keeps the ACL and every extended attribute (SELinux's label is one) besides
owner and mode, or refuses.
"""

from __future__ import annotations

import re
from typing import Callable, NamedTuple

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.change import changed
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError, FileError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import plain
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage import file as configfile
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import Document

Change = Callable[[Document], Document]
Approval = Callable[[bytes, bytes], None]


class Outcome(NamedTuple):
    """What an edit did, or in check mode would do; `before` and `after` are equal where nothing had to change."""

    before: bytes
    after: bytes
    backup: str | None


def predict(path: str, change: Change) -> Outcome:
    """Say what `change` would make of the file; nothing is locked and nothing is written."""
    before = configfile.read(path).data
    return Outcome(before, changed(path, before, change), None)


def edit(path: str, change: Change, approve: Approval, *, backup: bool) -> Outcome:
    """Apply `change` to the file; `approve` gets the old and the new bytes before anything is written, and may raise.

    FileError and UsageError as the rest of confkit raises them; the file is then what it was.
    """
    with configfile.edit_lock(path):
        snapshot = configfile.read(path)
        after = changed(path, snapshot.data, change)
        if after != snapshot.data:
            approve(snapshot.data, after)
        kept = configfile.replace(snapshot, after, backup=backup)
        if configfile.read(path).data != after:
            raise FileError("another program wrote the file at the same moment; look at it and try again", path=path)
    return Outcome(snapshot.data, after, kept)


def message_of(error: ConfkitError) -> str:
    """Return an error of confkit on one line, with the options of its commands in the words of a module."""
    message = re.sub(r"(?<!\S)-c\b", "the option path", error.message)
    message = re.sub(r"(?<!\S)--force\b", "The option force", message)
    message = re.sub(r"(?<!\S)--in-place\b", "confkit set --in-place", message)
    return plain(str(type(error)(message, path=error.path, line=error.line, column=error.column)))
