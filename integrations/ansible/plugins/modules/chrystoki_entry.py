# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: chrystoki_entry
short_description: Set or remove one entry of Chrystoki.conf or crystoki.ini
version_added: 0.1.0
author:
  - confkit contributors (!UNKNOWN)
description:
  - Sets or removes one entry of the configuration file of the Thales Luna HSM client, as C(confkit set) and
    C(confkit unset) do. Nothing else in the file changes, not a byte.
  - The value is held against what is known of the entry first. C(statusTimeout) in section C(HAConfiguration) takes a
    whole number of seconds from 3 to 60 and nothing else.
  - The file is replaced atomically, under the lock that every confkit process takes. It keeps its mode, owner, ACL and
    extended attributes (the SELinux label among them), and a symbolic link stays one.
  - Where that is not possible, or the file is not safe to edit (a section that is not closed, the same entry twice, an
    entry hidden in a place that is not read), the task fails, says which lines are to be mended, and changes nothing.
  - Needs Python 3.8 on the managed host and nothing else; confkit need not be installed there.
options:
  section:
    description: Name of the section, such as V(HAConfiguration).
    type: str
    required: true
  key:
    description: Name of the entry, such as V(statusTimeout).
    type: str
    required: true
  value:
    description:
      - The value. Required with O(state=present), and wrong with O(state=absent).
      - The values of C(AuthTokenClientSecret) and C(CVAppSpecificData) are secrets, and so are those of entries whose
        names speak of a password, PIN, secret, token, credential or key. For these the value is treated as an
        argument with C(no_log), so it appears in no result, difference or log; nor does the old one. Take it from a
        vault. A loop over secrets needs C(no_log) on the task as well, since Ansible itself shows the item.
      - Write numbers as they stand in the file. A boolean entry takes V(0) or V(1).
    type: str
  state:
    description:
      - V(present) sets the entry, and adds it and its section where they are missing.
      - V(absent) removes every occurrence of it in the section. The section stays.
    type: str
    choices: [present, absent]
    default: present
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
    description: The values of secret entries are masked.
  platform:
    support: full
    platforms: posix
    description: The Windows form of the file is edited as well, on POSIX hosts.
seealso:
  - module: confkit.luna.chrystoki_config
  - module: confkit.luna.chrystoki_lint
  - module: confkit.luna.luna_ha_check
"""

EXAMPLES = r"""
- name: Give the HA status call ten seconds
  confkit.luna.chrystoki_entry:
    section: HAConfiguration
    key: statusTimeout
    value: "10"
    backup: true
  register: timeout

- name: Let applications see only the HA groups, and have the result linted before it is put in place
  confkit.luna.chrystoki_entry:
    path: /opt/luna/Chrystoki.conf
    section: HAConfiguration
    key: HAOnly
    value: "1"
    validate: confkit lint %s

- name: Set the secret of the cloud service
  confkit.luna.chrystoki_entry:
    section: REST
    key: AuthTokenClientSecret
    value: "{{ vault_luna_client_secret }}"

- name: Back to the default of the client
  confkit.luna.chrystoki_entry:
    section: HAConfiguration
    key: statusTimeout
    state: absent
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
    # Whether `value` is a secret depends on `key`, so the key is looked at before Ansible logs anything. This is what
    # _load_params is for: "needed for certain very dynamic custom modules which want to process the parameters".
    given = basic._load_params() or {}  # noqa: SLF001 - see above; None is what ansible-test sanity lets it return
    module = basic.AnsibleModule(
        argument_spec={
            **edit.ARGUMENTS,
            "section": {"type": "str", "required": True},
            "key": {"type": "str", "required": True, "no_log": False},
            "value": {"type": "str", "no_log": is_secret_name(str(given.get("key")))},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["value"])],
        supports_check_mode=True,
    )
    edit.end(module, change_set)


def change_set(asked: dict) -> ChangeSet:
    """Return the change of the one entry; UsageError for arguments that contradict each other."""
    section, key, value = asked["section"], asked["key"], asked["value"]
    if asked["state"] == "present":
        return ChangeSet(set=((section, key, value),))
    if value is not None:
        raise UsageError("state absent removes the entry whatever its value. Leave value out")
    return ChangeSet(unset=((section, key),))


if __name__ == "__main__":
    main()
