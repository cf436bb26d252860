"""What leads the client to its file: the variable ChrystokiConfigurationPath, and where configuration files are put.

A scope is one process as a file describes it: a container of a workload, a service of a compose file, a stage of a
Dockerfile, a systemd unit, a shell script. Positions are those of a document: lines from 1, bytes from 0 in a line.
"""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import posixpath
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from confkit.core.placeholders import placeholder
from confkit.core.storage.locate import NAMES

VARIABLE = "ChrystokiConfigurationPath"
DEFAULT_DIRECTORY = "/etc"  # where the client looks on UNIX without the variable
# In a line of a shell, a command or a Dockerfile: export X=value, X="value", ${X:=value}.
_ASSIGNMENT = (
    r"(?<![\w$.-])" + VARIABLE + r"(?:=|:=|[ \t]+(?=[\"'/~.$A-Za-z]))"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|}\"'\\]*)"
)


Form = Literal["manifest", "compose", "dockerfile", "unit", "script"]


class SourceSpan(NamedTuple):
    """Where something stands in the file that is linted."""

    line: int
    start: int
    end: int


class Setting(NamedTuple):
    """One value that the variable is given. `lasting`: the process that the scope describes has it."""

    value: str
    place: SourceSpan
    lasting: bool = True


class Put(NamedTuple):
    """A configuration file of the client that is put at `path`, with its name, by what stands at `place`."""

    path: str
    place: SourceSpan


class Scope(NamedTuple):
    """One process: `name` for messages, the values of the variable, files that are put there, directories as well.

    `open_ended`: the variable may come from somewhere that the file does not show. `awaits_file`: the file that is
    linted holds a configuration, which some process is meant to read.
    """

    name: str
    settings: tuple[Setting, ...] = ()
    puts: tuple[Put, ...] = ()
    directories: tuple[str, ...] = ()
    open_ended: bool = False
    awaits_file: bool = False
    runs: bool = True
    """Whether the process is meant to run the client: no init container, no stage that is only built from"""


class Surroundings(NamedTuple):
    """What a file other than the client's says of the way to it."""

    form: Form
    scopes: tuple[Scope, ...]


def names_a_file(value: str) -> bool:
    """Return whether a value of the variable ends in the name of a file."""
    last = value.strip().replace("\\", "/").rpartition("/")[2]
    return last.lower() in NAMES or last.lower().endswith((".conf", ".ini"))


def is_configuration_name(path: str) -> bool:
    """Return whether a path ends in one of the names of the client's file."""
    return path.replace("\\", "/").rpartition("/")[2].lower() in NAMES


def directory_of(value: str) -> str | None:
    """Return the directory that a value of the variable stands for, or None where that cannot be told."""
    if placeholder(value) or not value.startswith("/"):
        return None
    return posixpath.normpath(value)


def is_below(path: str, directories: tuple[str, ...]) -> bool:
    """Return whether a directory is one of these or lies below one."""
    return any(path == each or path.startswith(each.rstrip("/") + "/") for each in directories)


def assignments(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the values that a line of a script gives the variable, with the characters that they take."""
    for match in re.finditer(_ASSIGNMENT, text):
        value = match["value"]
        if value:
            yield value.strip("\"'"), match.start("value"), match.end("value")
