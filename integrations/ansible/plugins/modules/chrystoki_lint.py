# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: chrystoki_lint
short_description: Lint Chrystoki.conf or crystoki.ini of a managed host
version_added: 0.1.0
author:
  - confkit contributors (!UNKNOWN)
description:
  - Looks for faults in the text of the configuration file of the Thales Luna HSM client, as C(confkit lint) does, and
    fails when there are any. Nothing else than the text is looked at, and nothing is changed.
  - The linter runs on the controller, so confkit need not be installed on the managed host, which needs Python 3.8 and
    nothing else. Before the text leaves the host, every secret in it is overwritten by as many asterisks.
  - The settings in C(confkit.toml), or C(tool.confkit) of C(pyproject.toml), are looked for from the folder of the
    playbook upward, as the command looks from its current folder.
requirements:
  - luna-confkit on the controller, in the Python that runs Ansible or as the command C(confkit) on its E(PATH)
options:
  select:
    description: Run these rules alone. V(CK3) stands for a family.
    type: list
    elements: str
    default: []
  ignore:
    description: Do not run these rules. The longer of two codes wins.
    type: list
    elements: str
    default: []
  fail_on:
    description: Fail from this severity on.
    type: str
    choices: [error, warning, info]
    default: error
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - confkit.luna.configuration
attributes:
  action:
    support: full
    description: The linter itself is an action plugin.
  check_mode:
    support: full
    description: Nothing is ever changed.
  diff_mode:
    support: none
    description: Nothing is ever changed.
  platform:
    support: full
    platforms: posix
    description: The controller has to be a POSIX system as well, as always with Ansible.
seealso:
  - module: confkit.luna.chrystoki_entry
  - module: confkit.luna.chrystoki_info
"""

EXAMPLES = r"""
- name: The file has no errors
  confkit.luna.chrystoki_lint:

- name: Nor any warnings about HA groups
  confkit.luna.chrystoki_lint:
    path: /opt/luna
    select: [CK3]
    fail_on: warning
"""

RETURN = r"""
path:
  description: The file that was found on the managed host.
  returned: when it could be read
  type: str
  sample: /etc/Chrystoki.conf
summary:
  description: How many findings of each severity there are, whatever O(fail_on) says.
  returned: when it could be linted
  type: dict
  sample: {"files": 1, "errors": 1, "warnings": 0, "infos": 2}
diagnostics:
  description:
    - The findings as C(confkit lint --format json) prints them, with code, name, severity, message, path, line, column,
      end_line, end_column, section, key, help, url and fix. Lines and columns count from 1.
  returned: when it could be linted
  type: list
  elements: dict
"""

import base64
import os

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.locate import find
from ansible_collections.confkit.luna.plugins.module_utils.edit import message_of
from ansible_collections.confkit.luna.plugins.module_utils.hiding import with_secrets_starred
from ansible_collections.confkit.luna.plugins.module_utils.reading import read


def main() -> None:
    """Return the file without its secrets; the action plugin of the same name takes it from here."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path"},
            "select": {"type": "list", "elements": "str", "default": []},
            "ignore": {"type": "list", "elements": "str", "default": []},
            "fail_on": {"type": "str", "choices": ["error", "warning", "info"], "default": "error"},
        },
        supports_check_mode=True,
    )
    try:
        path = find(module.params["path"], os.environ)
        source = read(path)
    except ConfkitError as error:
        module.fail_json(msg=message_of(error))
    content = base64.b64encode(with_secrets_starred(source)).decode()
    asked = {name: module.params[name] for name in ("select", "ignore", "fail_on")}
    module.exit_json(changed=False, path=path, content=content, asked=asked)


if __name__ == "__main__":
    main()
