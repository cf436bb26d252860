"""The emulated client library: the one that the wheel carries, else one compiled from the C sources in native/.

Standard library only: the build hook of the wheel (hatch_build.py) uses this module too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sysconfig
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "native")
SOURCES = tuple(sorted(name for name in os.listdir(DIRECTORY) if name.endswith((".c", ".h"))))
# nodelete: an application may unload the library without C_Finalize, and the recovery thread still runs in it.
FLAGS = (
    *("-std=c11", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-O2", "-fPIC", "-shared", "-pthread"),
    "-Wl,-z,nodelete",
)
_COMPILERS = ("cc", "gcc", "clang")
_MAX_COMPILATION_SECONDS = 600  # seconds; zig first builds the C library's own parts, once for each target


class CrossCompiler(NamedTuple):
    """The words of a C compiler's command, and the platform it compiles for, as sysconfig.get_platform() names it."""

    command: tuple[str, ...]
    platform: str


def library(*, current_ha_state: bool = True) -> str:
    """Return the path of the library, compiling it once where this installation does not carry it.

    Without `current_ha_state` the library lacks the symbol CA_GetCurrentHAState, as a client older than 10.7.0 does.
    UnavailableError: it has to be compiled, and there is no compiler or no directory for the result.
    """
    carried = os.path.join(DIRECTORY, file_name(current_ha_state=current_ha_state))
    if _is_current(carried):
        return carried
    cached = os.path.join(_cache_directory(), file_name(current_ha_state=current_ha_state))
    if not _is_current(cached):
        compile_library(cached, current_ha_state=current_ha_state)
    return cached


def file_name(*, current_ha_state: bool) -> str:
    """Return the library's file name; the two builds have different ones, so that a process can load both."""
    return "libcryptoki_emulator.so" if current_ha_state else "libcryptoki_emulator_old.so"


def compile_library(
    target: str, *, current_ha_state: bool = True, extra_flags: Sequence[str] = (), cross: CrossCompiler | None = None
) -> None:
    """Compile the sources into `target`, which appears whole or not at all; by default for this machine.

    UnavailableError: there is no C compiler, or it fails.
    """
    command, platform = cross or CrossCompiler((compiler(),), sysconfig.get_platform())
    with tempfile.TemporaryDirectory(prefix=".compiling-", dir=os.path.dirname(target)) as directory:
        made = os.path.join(directory, os.path.basename(target))
        words = [
            *(*command, *FLAGS, *extra_flags, f'-DSOURCE_DIGEST="{source_digest(platform)}"'),
            *(() if current_ha_state else ("-DWITHOUT_CURRENT_HA_STATE",)),
            *("-o", made, *(os.path.join(DIRECTORY, name) for name in SOURCES if name.endswith(".c"))),
        ]
        _run(words)
        os.replace(made, target)


def compiler() -> str:
    """Return the path of the system's C compiler. Raise UnavailableError where there is none."""
    for name in _COMPILERS:
        path = shutil.which(name)
        if path is not None:
            return path
    raise UnavailableError(
        "the emulated client library has to be compiled, and there is no C compiler "
        f"({', '.join(_COMPILERS)}) on the PATH. Install one (Debian: gcc and libc6-dev; RHEL: gcc), or install a "
        "confkit wheel that was built for this platform where one was.",
    )


def source_digest(platform: str | None = None) -> str:
    """Identify what a library would be made from: sources, flags and platform (by default this one)."""
    digest = hashlib.sha256(" ".join((platform or sysconfig.get_platform(), *FLAGS)).encode())
    for name in SOURCES:
        with open(os.path.join(DIRECTORY, name), "rb") as source:
            digest.update(source.read())
    return digest.hexdigest()


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_MAX_COMPILATION_SECONDS)  # noqa: S603 - our own words only
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise UnavailableError(
            f"the C compiler {command[0]} could not be run: {reason}. Repair or reinstall it"
        ) from reason
    if done.returncode != 0:
        first = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise UnavailableError(
            f"the C compiler {command[0]} could not compile the emulated client library: {first}. Install the C "
            "library's headers (Debian: libc6-dev; RHEL: glibc-devel), or report this as a bug.",
        )


def _is_current(path: str) -> bool:
    """Return whether the library there was made from the present sources: they are named in it (CAEMU_SourceDigest)."""
    try:
        with open(path, "rb") as file:
            return f"confkit-emulator-source:{source_digest()}".encode() in file.read()
    except FileNotFoundError:
        return False


def _cache_directory() -> str:
    """Return a directory that nobody else can write to, because processes load code from it."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    directory = os.path.join(base, "confkit", f"emulator-{source_digest()[:16]}")
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except OSError as reason:
        raise UnavailableError(
            f"no directory for the emulated client library: {reason}. Set XDG_CACHE_HOME to a directory of your own.",
        ) from reason
    if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o022:
        raise UnavailableError(
            f"others could replace the emulated client library in {directory}. Remove that directory, or set "
            "XDG_CACHE_HOME to a directory of your own.",
        )
    return directory
