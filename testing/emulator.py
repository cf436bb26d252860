"""The test driver and the emulated client library, compiled as a test wants them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from confkit.emulator import build
from testing.application import Application

if TYPE_CHECKING:
    from confkit.emulator.group import EmulatedGroup

DRIVER = Path(__file__).parent / "driver.c"


ADDRESS = ("-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


THREAD = ("-g", "-O1", "-fsanitize=thread")


class Built(NamedTuple):
    """The driver and the library, compiled with the same flags."""

    flags: tuple[str, ...]
    driver: str
    library: str


class StartApplication(Protocol):
    """Start an application that uses a group, the file in a folder, or (None) the file in /etc."""

    def __call__(
        self,
        where: EmulatedGroup | Path | None,
        *,
        initialised: bool = False,
        built: Built | None = None,
    ) -> Application: ...


def sanitizers_work(folder: Path, flags: tuple[str, ...]) -> bool:
    """Tell whether a program compiled with `flags` runs here: the sanitizer's run-time library is a package of its own."""
    source = folder / "empty.c"
    source.write_text("int main(void) { return 0; }\n")
    program = folder / "empty"
    command = [build.compiler(), *flags, "-pthread", "-o", str(program), str(source)]
    compiled = subprocess.run(command, capture_output=True, check=False)
    return compiled.returncode == 0 and subprocess.run([program], capture_output=True, check=False).returncode == 0


def build_all(folder: Path, flags: tuple[str, ...]) -> Built:
    built = Built(flags, str(folder / "driver"), str(folder / "library.so"))
    build.compile_library(built.library, extra_flags=flags)
    warnings = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-pthread")
    subprocess.run(
        [build.compiler(), *warnings, *flags, "-o", built.driver, str(DRIVER), "-ldl"],
        check=True,
    )
    return built
