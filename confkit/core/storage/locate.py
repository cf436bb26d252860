"""Find the configuration file, as the client does."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "ChrystokiConfigurationPath"
DEFAULT_FILE = "/etc/Chrystoki.conf"
_OF_THE_COMMAND = frozenset({"-c", VARIABLE})  # and not an argument, such as those of diff

# In lower case: the two usual names, then the two that some pages of the vendor's Luna 7 documentation have instead.
NAMES = frozenset({"chrystoki.conf", "crystoki.ini", "crystoki.conf", "chrystoki.ini"})


def find(given: str | None, environment: Mapping[str, str], named_by: str = "-c") -> str:
    """Return the path of the configuration file: `given`, else by ChrystokiConfigurationPath, else /etc/Chrystoki.conf.

    `given` is a file, returned as it is, or a directory; the variable always names a directory, and counts as not set
    when it is empty. In a directory it is the file called Chrystoki.conf or crystoki.ini (or crystoki.conf or
    chrystoki.ini, as some pages of the vendor write) in any letter case. `named_by` is the option or the argument that
    `given` comes from. Raises FileError when there is none, or more than one.
    """
    if given == "":
        raise FileError(f"the path that {named_by} names is empty. Name a file or its directory.")
    if given is not None and named_by != "-c":
        _refuse_missing(given)
    if given is not None:
        return _in_directory(given, named_by) if os.path.isdir(given) else given
    if directory := environment.get(VARIABLE):
        return _in_directory(directory, VARIABLE)
    if not os.path.lexists(DEFAULT_FILE):
        raise FileError(
            f"there is no {DEFAULT_FILE}, and {VARIABLE} is not set. "
            f"Name the file or its directory with -c, or set {VARIABLE} to its directory."
        )
    return DEFAULT_FILE


def _in_directory(directory: str, named_by: str) -> str:
    try:
        found = sorted(name for name in os.listdir(directory) if name.lower() in NAMES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileError(
            f"this is not a directory that can be searched, but {named_by} names it ({reason}). " + _advice(named_by),
            path=directory,
        ) from error
    if not found:
        raise FileError(
            f"there is no Chrystoki.conf or crystoki.ini in the directory that {named_by} names. " + _advice(named_by),
            path=directory,
        )
    if len(found) > 1:
        raise FileError(
            f"there are {' and '.join(found)} in the directory that {named_by} names. "
            f"Name one of them{' with -c' if named_by in _OF_THE_COMMAND else ''}.",
            path=directory,
        )
    return os.path.join(directory, found[0])


def _refuse_missing(given: str) -> None:
    """Raise FileError where nothing has the name; what else is wrong with it shows when it is read."""
    with contextlib.suppress(ValueError):  # a NUL byte
        try:
            os.lstat(given)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileError("there is no such file. Name one that exists.", path=given) from error
        except OSError:
            pass


def _advice(named_by: str) -> str:
    if named_by in _OF_THE_COMMAND:
        return f"Name the file with -c, or set {VARIABLE} to the directory that holds it."
    return "Name the file itself."
