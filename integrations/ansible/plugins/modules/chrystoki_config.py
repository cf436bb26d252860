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
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - confkit.luna.configuration
  - confkit.luna.edit
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

from ansible.module_utils import basic
from ansible_collections.confkit.luna.plugins.module_utils import edit
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.changeset import ChangeSet
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import UsageError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.secret_names import is_secret_name


def main() -> None:
    """Read the arguments, do it, and report."""
    module = basic.AnsibleModule(
        argument_spec={
            **edit.ARGUMENTS,
            "set": {"type": "dict", "default": {}},
            "secrets": {"type": "dict", "default": {}, "no_log": True},
            "unset": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    edit.end(module, change_set)


def change_set(asked: dict) -> ChangeSet:
    """Return the arguments as changes; UsageError where they are not of the right shape."""
    wanted, secrets, unwanted = asked["set"], asked["secrets"], asked["unset"]
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
