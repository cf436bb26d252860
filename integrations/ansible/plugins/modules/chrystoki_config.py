# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: chrystoki_config
short_description: Set and remove many entries of Chrystoki.conf or crystoki.ini at once
version_added: 0.1.0
author:
  - confkit contributors (!UNKNOWN)
description:
  - Sets and removes entries of the configuration file of the Thales Luna HSM client, as C(confkit apply) does. All of
    them change in one edit, or none does. Nothing else in the file changes, not a byte.
  - Every name, type and bound is checked before the first byte changes, and all that is wrong is listed.
  - The file is replaced atomically, under the lock that every confkit process takes. It keeps its mode, owner, ACL and
    extended attributes, and a symbolic link stays one.
  - Needs Python 3.8 on the managed host and nothing else; confkit need not be installed there.
options:
  set:
    description:
      - Section, entry, value, as a change file of C(confkit apply) has them. A boolean is V(0) or V(1).
      - Secrets go into O(secrets) and are refused here.
    type: dict
    default: {}
  secrets:
    description:
      - Section, entry, value of secrets, which appear in no result, difference or log. Take them from a vault.
    type: dict
    default: {}
  unset:
    description: Section, list of entries to remove. One that is not there is no error. The section stays.
    type: dict
    default: {}
  backup:
    description: Keep the old file beside the new one, named with the time in UTC.
    type: bool
    default: false
  validate:
    description:
      - A command that is run on a private copy of the new file before the old one is replaced. In it, V(%s) stands for
        the path of the copy. When it fails, the task fails and nothing is changed. It is run without a shell.
    type: str
  create:
    description: Start a configuration where the file is absent or empty.
    type: bool
    default: false
  force:
    description:
      - Set entries that the catalogue does not know, in any file. What the catalogue knows has to fit all the same.
    type: bool
    default: false
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - confkit.luna.configuration
attributes:
  check_mode:
    support: full
    description: Says what would change, with the difference, and writes nothing.
  diff_mode:
    support: full
    description: Secrets are masked.
  platform:
    support: full
    platforms: posix
seealso:
  - module: confkit.luna.chrystoki_entry
  - module: confkit.luna.chrystoki_lint
"""

EXAMPLES = r"""
- name: Two appliances, an HA group, and ten seconds for the status call
  confkit.luna.chrystoki_config:
    set:
      LunaSA Client:
        ServerName00: hsm1.example.com
        ServerPort00: 1792
        ServerName01: hsm2.example.com
        ServerPort01: 1792
      HAConfiguration:
        HAOnly: 1
        statusTimeout: 10
    secrets:
      REST:
        AuthTokenClientSecret: "{{ vault_luna_client_secret }}"
    unset:
      Misc: [ToolsDir]
    backup: true
"""

RETURN = r"""
path:
  description: The file that was found.
  returned: success
  type: str
  sample: /etc/Chrystoki.conf
backup_file:
  description: The backup that was made.
  returned: changed, with O(backup), not in check mode
  type: str
  sample: /etc/Chrystoki.conf.20260131T120000Z.bak
"""

import os
from typing import TYPE_CHECKING

from ansible.module_utils import basic
from ansible_collections.confkit.luna.plugins.module_utils import approval, edit, hiding
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.change import EditOptions, edit_file
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.changeset import ChangeSet
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError, UsageError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.secret_names import is_secret_name
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.locate import find

if TYPE_CHECKING:
    from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import Document


def main() -> None:
    """Read the arguments, do it, and report."""
    module = basic.AnsibleModule(
        argument_spec={
            "path": {"type": "path"},
            "set": {"type": "dict", "default": {}},
            "secrets": {"type": "dict", "default": {}, "no_log": True},
            "unset": {"type": "dict", "default": {}},
            "backup": {"type": "bool", "default": False},
            "validate": {"type": "str"},
            "create": {"type": "bool", "default": False},
            "force": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(**run(module))
    except ConfkitError as error:
        module.fail_json(msg=edit.message_of(error))


def run(module: basic.AnsibleModule) -> dict:
    """Do what the task asks for, and return its result. Raises FileError and UsageError."""
    asked = module.params
    approval.check_command(asked["validate"])
    changes = change_set(asked["set"], asked["secrets"], asked["unset"])
    path = find(asked["path"], os.environ)
    warnings = []

    def change(document: Document) -> Document:
        warnings.extend(changes.warnings(windows=document.windows, force=asked["force"]))
        return changes.applied_to(document, force=asked["force"])

    options = EditOptions(
        dry_run=module.check_mode, backup=asked["backup"], force=asked["force"], create=asked["create"]
    )
    outcome = edit_file(path, change, options, approval.by_command(module, path))
    for warning in (*warnings, *outcome.warnings):
        module.warn(warning)
    result = {"changed": outcome.before != outcome.after, "path": path}
    if outcome.backup:
        result["backup_file"] = outcome.backup
    if module._diff:  # noqa: SLF001 - the documented way to ask for diff mode
        result["diff"] = hiding.difference(path, outcome.before, outcome.after)
    return result


def change_set(wanted: dict, secrets: dict, unwanted: dict) -> ChangeSet:
    """Return the arguments as changes; UsageError where they are not of the right shape."""
    to_set = []
    for argument, sections in (("set", wanted), ("secrets", secrets)):
        for section, entries in sections.items():
            if not isinstance(entries, dict):
                raise UsageError(f"{argument}.{section} must be a dictionary of entries")
            for key, value in entries.items():
                if argument == "set" and is_secret_name(str(key)):
                    raise UsageError(f"{section}/{key} is a secret: put it into secrets, which no log shows")
                to_set.append((str(section), str(key), text_of(value, f"{argument}.{section}.{key}")))
    to_unset = []
    for section, keys in unwanted.items():
        if not isinstance(keys, list):
            raise UsageError(f"unset.{section} must be a list of entries")
        to_unset += [(str(section), str(key)) for key in keys]
    return ChangeSet(tuple(to_set), tuple(to_unset))


def text_of(value: object, name: str) -> str:
    """Return a value as it stands in the file."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, str)):
        return str(value)
    raise UsageError(f"{name} must be a text or a whole number")


if __name__ == "__main__":
    main()
