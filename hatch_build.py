"""Build hook: compiles the emulated client library into the wheel where there is a C compiler.

Without one the wheel is a pure Python one, and the emulator compiles its library when it is first used, or says what is
missing. An editable installation gets the library beside its sources; it is left alone there as soon as they differ.

The variable CONFKIT_TARGET names the platform of the wheel instead (tools/packages/targets.py has the list). Its
library is compiled by zig (`pip install ziglang`), whatever machine this is; a target without a library gets none.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = "confkit/emulator/native"


class EmulatorBuildHook(BuildHookInterface):  # type: ignore[type-arg] # its parameter says nothing to a hook
    """Compiles confkit/emulator/native/*.c."""

    _compiled: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile both builds of the library, and name the wheel for its platform."""
        sys.path.insert(0, self.root)  # only now can confkit and tools be found
        tag = os.environ.get("CONFKIT_TARGET")
        if tag and version == "standard":
            self._for_target(tag, build_data)
        else:
            self._for_this_machine(version, build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling passes all
        """Remove what was compiled for another machine."""
        if self._compiled is not None:
            self._compiled.cleanup()

    def _for_this_machine(self, version: str, build_data: dict[str, Any]) -> None:
        from confkit.core.errors import UnavailableError  # noqa: PLC0415
        from confkit.emulator import build  # noqa: PLC0415

        names = [build.file_name(current_ha_state=current_ha_state) for current_ha_state in (True, False)]
        try:
            for name in names:
                build.compile_library(os.path.join(self.root, NATIVE, name), current_ha_state=name == names[0])
        except UnavailableError as reason:
            self.app.display_warning(f"The wheel will not carry the emulated client library: {reason}")
            return
        if version == "standard":  # an editable wheel carries no file of ours
            build_data["artifacts"] += [f"{NATIVE}/{name}" for name in names]
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            _name_platform(build_data, platform)

    def _for_target(self, tag: str, build_data: dict[str, Any]) -> None:
        from confkit.emulator import build  # noqa: PLC0415
        from tools.packages import targets  # noqa: PLC0415

        target = targets.named(tag)
        if target.triple:
            # elsewhere, so that the libraries of this checkout stay those of this machine
            self._compiled = tempfile.TemporaryDirectory(prefix="confkit-target-")
            zig = (sys.executable, "-m", "ziglang", "cc", "-target", target.triple)
            cross = build.CrossCompiler(zig, target.python_platform)
            for current_ha_state in (True, False):
                name = build.file_name(current_ha_state=current_ha_state)
                made = os.path.join(self._compiled.name, name)
                build.compile_library(made, current_ha_state=current_ha_state, extra_flags=("-s",), cross=cross)
                build_data["force_include"][made] = f"{NATIVE}/{name}"
        _name_platform(build_data, target.tag)


def _name_platform(build_data: dict[str, Any], platform: str) -> None:
    build_data["pure_python"] = platform == "any"
    build_data["tag"] = f"py3-none-{platform}"
