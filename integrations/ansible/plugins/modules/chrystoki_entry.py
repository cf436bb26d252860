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
  backup:
    description:
      - Keep the old file beside the new one, named with the time in UTC, with the same owner, mode, ACL and attributes.
    type: bool
    default: false
  validate:
    description:
      - A command that is run on a private copy of the new file before the old one is replaced. In it, V(%s) stands for
        the path of the copy. When it fails, the task fails and nothing is changed.
      - It is run without a shell, so pipes and variables do not work. In check mode it is not run.
    type: str
  create:
    description:
      - Start a configuration where the file is absent, empty or half written. Without it such a file is not edited,
        since another program may be writing it.
    type: bool
    default: false
  force:
    description:
      - Set the entry even if the catalogue does not know it or its section. What the catalogue knows has to fit all the
        same.
      - Also edit a file that does not look like a configuration of the client, or looks half written.
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

import os

from ansible.module_utils import basic
from ansible_collections.confkit.luna.plugins.module_utils import approval, edit, hiding
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.change import EditOptions, edit_file
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError, UsageError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.secret_names import is_secret_name
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.locate import find
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import (
    Document,
    set_entry,
    unset_entry,
)
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.validate import warnings_about


def main() -> None:
    """Read the arguments, do it, and report."""
    # Whether `value` is a secret depends on `key`, so the key is looked at before Ansible logs anything. This is what
    # _load_params is for: "needed for certain very dynamic custom modules which want to process the parameters".
    given = basic._load_params() or {}  # noqa: SLF001 - see above; None is what ansible-test sanity lets it return
    module = basic.AnsibleModule(
        argument_spec={
            "path": {"type": "path"},
            "section": {"type": "str", "required": True},
            "key": {"type": "str", "required": True, "no_log": False},
            "value": {"type": "str", "no_log": is_secret_name(str(given.get("key")))},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "backup": {"type": "bool", "default": False},
            "validate": {"type": "str"},
            "create": {"type": "bool", "default": False},
            "force": {"type": "bool", "default": False},
        },
        required_if=[("state", "present", ["value"])],
        supports_check_mode=True,
    )
    try:
        module.exit_json(**run(module))
    except ConfkitError as error:
        module.fail_json(msg=edit.message_of(error))


def run(module: basic.AnsibleModule) -> dict:
    """Do what the task asks for, and return its result. Raises FileError and UsageError."""
    asked = module.params
    check_arguments(asked)
    path = find(asked["path"], os.environ)
    warnings = []

    def change(document: Document) -> Document:
        section, key, value = asked["section"], asked["key"], asked["value"]
        if asked["state"] == "absent":
            return unset_entry(document, section, key)
        warnings.extend(warnings_about(section, key, value, windows=document.windows, force=asked["force"]))
        return set_entry(document, section, key, value)

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


def check_arguments(asked: dict) -> None:
    """Raise UsageError for arguments that contradict each other."""
    if asked["state"] == "absent" and asked["value"] is not None:
        raise UsageError("state absent removes the entry whatever its value. Leave value out")
    approval.check_command(asked["validate"])


if __name__ == "__main__":
    main()
