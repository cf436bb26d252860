"""Build hook: compiles the emulated client library into the wheel where there is a C compiler.

Without one the wheel is a pure Python one, and the emulator compiles its library when it is first used, or says what is
missing. An editable installation gets the library beside its sources; it is left alone there as soon as they differ.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EmulatorBuildHook(BuildHookInterface):  # type: ignore[type-arg] # its parameter says nothing to a hook
    """Compiles confkit/emulator/native/*.c."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile both builds of the library, and name the wheel for this platform."""
        sys.path.insert(0, self.root)
        from confkit.core.errors import UnavailableError  # noqa: PLC0415
        from confkit.emulator import build  # noqa: PLC0415 - only now can it be found

        directory = os.path.join(self.root, "confkit", "emulator", "native")
        names = [build.file_name(current_ha_state=current_ha_state) for current_ha_state in (True, False)]
        try:
            for name in names:
                build.compile_library(os.path.join(directory, name), current_ha_state=name == names[0])
        except UnavailableError as reason:
            self.app.display_warning(f"The wheel will not carry the emulated client library: {reason}")
            return
        if version == "standard":  # an editable wheel carries no file of ours
            build_data["artifacts"] += [f"confkit/emulator/native/{name}" for name in names]
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"
