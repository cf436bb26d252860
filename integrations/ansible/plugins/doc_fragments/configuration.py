# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module of the collection says of the file it works on."""

from __future__ import annotations


class ModuleDocFragment:
    """Named so because Ansible looks for this name."""

    DOCUMENTATION = r"""
options:
  path:
    description:
      - The file on the managed host, or the folder it lies in.
      - Without it, the folder that the environment variable E(ChrystokiConfigurationPath) of the task names, else
        C(/etc/Chrystoki.conf).
    type: path
"""
