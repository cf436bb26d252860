# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""An edit of the file on the managed host, as every command of confkit makes it (confkit.core.change).

The file is replaced by confkit's own storage, carried along, and not by AnsibleModule.atomic_move. That takes no lock,
so two editors can undo each other's work; it does not look whether the file changed since it was read; it puts the new
file in the place of a symbolic link; it does not sync the file or its folder; and it falls back to writing in place,
where a crash leaves half a file. confkit's keeps the ACL and every extended attribute (SELinux's label is one) besides
owner and mode, or refuses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import escape

if TYPE_CHECKING:
    from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError


def message_of(error: ConfkitError) -> str:
    """Return an error of confkit on one line, with the options of its commands in the words of a module."""
    reasons = f": {'; '.join(error.details)}" if len(error.details) > 1 else ""
    message = re.sub(r"(?<!\S)-c\b", "the option path", error.message.rstrip(".") + reasons)
    message = re.sub(r"(^|[.] )--force\b", r"\1The option force", message)
    message = re.sub(r"(?<!\S)--force\b", "the option force", message)
    message = re.sub(r"(?<!\S)--create\b", "the option create", message)
    message = re.sub(r"(?<!\S)--lock-timeout \(or CONFKIT_LOCK_TIMEOUT\)", "confkit set --lock-timeout", message)
    message = re.sub(r"(?<!\S)--in-place\b", "confkit set --in-place", message)
    return escape(str(type(error)(message, path=error.path, line=error.line, column=error.column)))
