# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: chrystoki_info
short_description: Return what Chrystoki.conf or crystoki.ini says
version_added: 0.1.0
author:
  - confkit contributors (!UNKNOWN)
description:
  - Returns the HA groups, their members, the servers, the time limits and every entry of the configuration file of the
    Thales Luna HSM client, as C(confkit show --format json) prints them.
  - This is what the text says, read by confkit's parser. Whether a member exists or answers is not known here, and a
    client library may read an odd file in another way. RV(problems) lists what is odd, and
    M(confkit.luna.chrystoki_lint) judges it.
  - Needs Python 3.8 on the managed host and nothing else; confkit need not be installed there.
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - confkit.luna.configuration
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    platforms: posix
seealso:
  - module: confkit.luna.chrystoki_entry
  - module: confkit.luna.chrystoki_lint
"""

EXAMPLES = r"""
- name: What the client is told
  confkit.luna.chrystoki_info:
  register: luna

- name: Every host knows the group
  ansible.builtin.assert:
    that: "'signing' in luna.groups | map(attribute='label')"

- name: The timeout in force, be it from the file or the default
  ansible.builtin.debug:
    msg: "{{ (luna.timeouts | selectattr('key', 'eq', 'statusTimeout') | first).value }}"
"""

RETURN = r"""
path:
  description: The file that was found.
  returned: success
  type: str
  sample: /etc/Chrystoki.conf
form:
  description: V(unix) for the form of Chrystoki.conf, V(windows) for that of crystoki.ini.
  returned: success
  type: str
  sample: unix
sections:
  description: All sections in the order of the file. The value of a secret entry is null.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "Misc", "line": 1, "entries": [{"name": "ToolsDir", "value": "/bin", "secret": false, "line": 2}]}]
groups:
  description: The HA groups of section C(VirtualToken), by their numbers.
  returned: success
  type: list
  elements: dict
  sample:
    - {"index": 0, "label": "signing", "serial": "11238700701509", "members": ["154438865290", "1238700701512"],
       "standby": [], "synchronize": "1", "line": 40}
servers:
  description: The servers of section C(LunaSA Client), by their numbers.
  returned: success
  type: list
  elements: dict
  sample: [{"index": 0, "name": "hsm1.example", "port": 1792, "line": 30}]
timeouts:
  description:
    - The time limits in force, C(statusTimeout) first. The source is V(file), V(default) for the client's default, or
      V(unknown) where the file has none and no default is known; the value is null then.
  returned: success
  type: list
  elements: dict
  sample:
    - {"section": "HAConfiguration", "key": "statusTimeout", "value": "3", "unit": "s", "source": "default",
       "line": null, "meaning": "Time limit of one CA_GetCurrentHAState call over all members of the group"}
problems:
  description: What the parser met that is odd, and kept. Lines and columns count from 1.
  returned: success
  type: list
  elements: dict
  sample: [{"code": "unclosed-section", "message": "section Misc has no closing brace", "line": 1, "column": 1}]
"""

import dataclasses
import os

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import ConfkitError
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.storage.locate import find
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.syntax import parse
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.view import view
from ansible_collections.confkit.luna.plugins.module_utils.edit import message_of
from ansible_collections.confkit.luna.plugins.module_utils.reading import read


def main() -> None:
    """Read the file, and report."""
    module = AnsibleModule(argument_spec={"path": {"type": "path"}}, supports_check_mode=True)
    try:
        path = find(module.params["path"], os.environ)
        source = read(path)
    except ConfkitError as error:
        module.fail_json(msg=message_of(error))
    module.exit_json(changed=False, path=path, **dataclasses.asdict(view(parse(source, os.path.basename(path)))))


if __name__ == "__main__":
    main()
