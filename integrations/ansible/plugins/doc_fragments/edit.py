# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module that edits the file says of the edit."""

from __future__ import annotations


class ModuleDocFragment:
    """Named so because Ansible looks for this name."""

    DOCUMENTATION = r"""
options:
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
      - Set entries even if the catalogue does not know them or their section. What the catalogue knows has to fit all
        the same.
      - Also edit a file that does not look like a configuration of the client, or looks half written.
    type: bool
    default: false
"""
