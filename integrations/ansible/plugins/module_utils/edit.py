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

import os
import re
from typing import TYPE_CHECKING

from ansible_collections.confkit.luna.plugins.module_utils import approval, hiding
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.change import EditOptions
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.changeset import apply_changes
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import escape
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.locate import find

if TYPE_CHECKING:
    from typing import Callable

    from ansible.module_utils import basic
    from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.changeset import ChangeSet

# the arguments of every module that edits, with the documentation in the fragments `configuration` and `edit`
ARGUMENTS = {
    "path": {"type": "path"},
    "backup": {"type": "bool", "default": False},
    "validate": {"type": "str"},
    "create": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
}


def end(module: basic.AnsibleModule, changes: Callable[[dict], ChangeSet]) -> None:
    """Make the changes that the arguments ask for, and end the module with the result or the error."""
    try:
        module.exit_json(**run(module, changes(module.params)))
    except ConfkitError as error:
        module.fail_json(msg=message_of(error))


def run(module: basic.AnsibleModule, changes: ChangeSet) -> dict:
    """Make the changes, and return the result of the task. Raises FileError and UsageError."""
    asked = module.params
    approval.check_command(asked["validate"])
    path = find(asked["path"], os.environ)
    options = EditOptions(
        dry_run=module.check_mode, backup=asked["backup"], force=asked["force"], create=asked["create"]
    )
    outcome = apply_changes(path, changes, options, approval.by_command(module, path))
    for warning in outcome.warnings:
        module.warn(warning)
    result = {"changed": outcome.before != outcome.after, "path": path}
    if outcome.backup:
        result["backup_file"] = outcome.backup
    if module._diff:  # noqa: SLF001 - the documented way to ask for diff mode
        result["diff"] = hiding.difference(path, outcome.before, outcome.after)
    return result


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
