# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: luna_ha_check
short_description: Check with live calls whether statusTimeout suffices for the HA group
version_added: 0.1.0
author:
  - confkit contributors (!UNKNOWN)
description:
  - Runs C(confkit check) on the managed host. It makes the HA status call of the Luna client many times and says, with
    stated confidence, whether C(statusTimeout) is long enough for the HA group of this host.
  - No session is opened, nobody logs in, and no file is changed, so the task is never C(changed).
  - It fails when the verdict is not in O(accept).
  - A check takes as long as its calls take, at most O(budget) and five seconds. For long ones use C(async).
requirements:
  - luna-confkit on the managed host, which needs Python 3.11 or newer for it
options:
  executable:
    description: The command confkit on the managed host, by its name on the E(PATH) or by its path.
    type: str
    default: confkit
  library:
    description: The client library. Without it, the one that the file names for this platform.
    type: path
  slot:
    description: The slot of the HA group. Without it and O(label), the only one there is.
    type: int
  label:
    description: The label of the HA group.
    type: str
  calls:
    description:
      - How many calls to make at most. The check stops as soon as the question of O(tolerate) and O(confidence) is
        answered. With their defaults a healthy group needs 66 calls, and 400 are made at most.
    type: int
  tolerate:
    description: The share of calls that may falsely report a failure.
    type: float
    default: 0.05
  confidence:
    description: How sure the answer has to be.
    type: float
    default: 0.95
  budget:
    description: Answer within so many seconds, and five.
    type: float
    default: 600
  accept:
    description: The verdicts with which the task succeeds.
    type: list
    elements: str
    choices: [sufficient, tight, insufficient, member_down, inconclusive, unavailable]
    default: [sufficient, tight]
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - confkit.luna.configuration
attributes:
  check_mode:
    support: none
    description:
      - The task is skipped. Although a check changes nothing, it puts calls on the HSMs for minutes, and in check mode
        it would judge the timeout that a task before it only pretended to change.
  diff_mode:
    support: none
    description: Nothing is ever changed.
  platform:
    support: full
    platforms: linux
    description: The live side of confkit runs on Linux.
seealso:
  - module: confkit.luna.chrystoki_entry
"""

EXAMPLES = r"""
- name: The timeout suffices for the group of this host
  confkit.luna.luna_ha_check:

- name: A quick look at one group of several, for the record
  confkit.luna.luna_ha_check:
    executable: /opt/confkit/bin/confkit
    label: signing
    calls: 14
    tolerate: 0.2
    budget: 120
    accept: [sufficient, tight, inconclusive]
  register: look
"""

RETURN = r"""
verdict:
  description: V(sufficient), V(tight), V(insufficient), V(member_down), V(inconclusive) or V(unavailable).
  returned: when a check was made
  type: str
  sample: sufficient
check:
  description:
    - What C(confkit check --format json) printed, with verdict, reason, configured_seconds, recommended_seconds, group,
      members, calls, elapsed_seconds, bound and library.
  returned: when a check was made
  type: dict
"""

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.escape import escape

_VERDICTS = ["sufficient", "tight", "insufficient", "member_down", "inconclusive", "unavailable"]
_OPTIONS = {"path": "config", "library": "library", "slot": "slot", "label": "label", "calls": "calls"}
_SHARES = ("tolerate", "confidence", "budget")


def main() -> None:
    """Run the check, and judge its verdict."""
    module = AnsibleModule(
        argument_spec={
            "executable": {"type": "str", "default": "confkit"},
            "path": {"type": "path"},
            "library": {"type": "path"},
            "slot": {"type": "int"},
            "label": {"type": "str"},
            "calls": {"type": "int"},
            "tolerate": {"type": "float", "default": 0.05},
            "confidence": {"type": "float", "default": 0.95},
            "budget": {"type": "float", "default": 600},
            "accept": {"type": "list", "elements": "str", "choices": _VERDICTS, "default": ["sufficient", "tight"]},
        },
        mutually_exclusive=[("slot", "label")],
        supports_check_mode=False,
    )
    code, output, errors = module.run_command(command(module))
    try:
        view = json.loads(output)
        verdict, reason = view["verdict"], view["reason"]
    except (ValueError, KeyError, TypeError):
        said = escape(errors.strip() or output.strip()[:200] or "it printed nothing")
        module.fail_json(msg=f"confkit check ended with {code} and no verdict: {said}")
    result = {"changed": False, "verdict": verdict, "check": view}
    if verdict not in module.params["accept"]:
        module.fail_json(msg=f"{verdict}: {escape(reason)}", **result)
    module.exit_json(**result)


def command(module: AnsibleModule) -> list[str]:
    """Return the command line of the check; ends the module where there is no confkit."""
    asked = module.params
    executable = module.get_bin_path(asked["executable"])
    if executable is None:
        module.fail_json(
            msg=f"there is no executable {asked['executable']} on this host. Install luna-confkit there, which needs "
            "Python 3.11 or newer, or name the command with the option executable."
        )
    # `--option=value`, for a value that begins with a dash is then no option
    options = [f"--{option}={asked[name]}" for name, option in _OPTIONS.items() if asked[name] is not None]
    options += [f"--{name}={asked[name]:g}" for name in _SHARES]
    return [executable, "check", "--format=json", *options]


if __name__ == "__main__":
    main()
