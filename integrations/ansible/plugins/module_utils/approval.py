# Copyright the confkit contributors
# Apache-2.0, or at your choice GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have a command look at the new content of the file before the old one is replaced."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from typing import TYPE_CHECKING, Callable

from ansible_collections.confkit.luna.plugins.module_utils import hiding
from ansible_collections.confkit.luna.plugins.module_utils.confkit.core.errors import FileError, UsageError

if TYPE_CHECKING:
    from ansible.module_utils import basic


def check_command(command: str | None) -> None:
    """Raise UsageError for a command that does not say where the path of the new file goes."""
    if command is not None and "%s" not in command:
        raise UsageError("validate needs %s, which stands for the path of the new file")


def by_command(module: basic.AnsibleModule, path: str) -> Callable[[bytes, bytes], None]:
    """Return the function that has the new content validated; it raises FileError when the command says no."""

    def approve(before: bytes, after: bytes) -> None:
        if module.params["validate"] is None:
            return
        folder = tempfile.mkdtemp(dir=module.tmpdir)  # mode 0700
        try:
            copy = os.path.join(folder, os.path.basename(path))
            with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(after)
            # split first, then put in: a path with a blank stays one argument
            command = [part.replace("%s", copy) for part in shlex.split(module.params["validate"])]
            code, output, errors = module.run_command(command, handle_exceptions=False)
        except (OSError, ValueError) as error:
            raise FileError(f"validate cannot be run ({error}). Nothing was changed", path=path) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if code != 0:
            said = hiding.hidden(f"{output}\n{errors}".strip(), before, after)
            raise FileError(f"validate ended with {code}, so nothing was changed. It said: {said}", path=path)

    return approve
