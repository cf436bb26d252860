"""Paths as the two platforms write them, and where the vendor's installers put the client.

Carried into modules that run on Python 3.8.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from confkit.core.ha import unquoted

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


class ClientDirectory(NamedTuple):
    """A directory of the client; `current` installers use the one, and old ones (LunaSA) the other."""

    path: str
    windows: bool
    current: bool


# Public documentation names the first of each platform (and /opt/safenet/lunaclient on Solaris); the old ones stand in
# public files of LunaSA clients. No public source says with which version an installer changed.
CLIENT_DIRECTORIES = (
    ClientDirectory("/usr/safenet/lunaclient", windows=False, current=True),
    ClientDirectory("/opt/safenet/lunaclient", windows=False, current=True),
    ClientDirectory("/usr/lunasa", windows=False, current=False),
    ClientDirectory("/opt/lunasa", windows=False, current=False),
    ClientDirectory("C:\\Program Files\\SafeNet\\LunaClient", windows=True, current=True),
    ClientDirectory("C:\\Program Files\\LunaSA", windows=True, current=False),
)


def default_directory(*, windows: bool) -> str:
    """Return where the current installer of a platform puts the client (UNIX: Linux and AIX)."""
    return next(each.path for each in CLIENT_DIRECTORIES if each.windows == windows and each.current)


def is_windows_path(path: str) -> bool:
    """Return whether a path begins with a drive and a slash, or with two backslashes."""
    return _WINDOWS.match(path) is not None


def is_of_other_platform(value: str, *, windows: bool) -> bool:
    """Return whether the value of an entry, a path, is written as the platform with the other form writes it."""
    path = unquoted(value)
    return path.startswith("/") if windows else "\\" in path or is_windows_path(path)


def rest_below(path: str, directory: str) -> str | None:
    """Return what follows `directory` in a path at or below it, "" for itself; None where the path is elsewhere.

    Whole components are compared. Of Windows paths, letter case and the kind of slash do not count.
    """
    rest = path[len(directory) :]
    if _folded(path[: len(directory)]) != _folded(directory) or rest[:1] not in {"", "/", "\\"}:
        return None
    return rest


def _folded(path: str) -> str:
    return path.lower().replace("/", "\\") if is_windows_path(path) else path
