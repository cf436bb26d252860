"""What a field report is about, and what is a site's own before a single question is asked."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confkit.core.errors import UnavailableError
from confkit.core.storage.locate import VARIABLE, find
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import parse
from confkit.core.view import groups
from confkit.live.session import library_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.syntax import Document
    from confkit.fieldreport.pseudonyms import Pseudonyms


@dataclass(frozen=True)
class Site:
    """The file, how it was found, and its content; the library; which HA group (see check)."""

    path: str
    found_by: Literal["option", "variable", "default"]
    document: Document
    library: str
    choice: int | str | None


def site(given: str | None, library: str | None, choice: int | str | None, environment: Mapping[str, str]) -> Site:
    """Find the file and the library. Raise FileError or UnavailableError where there is none."""
    path = find(given, environment)
    document = parse(read_configuration(path), os.path.basename(path))
    named = library or library_of(document)
    if named is None:
        raise UnavailableError("section Chrystoki2 names no library for this platform: name one with --library")
    found_by: Literal["option", "variable", "default"] = "option"
    if given is None:
        found_by = "variable" if environment.get(VARIABLE) else "default"
    return Site(os.path.abspath(path), found_by, document, os.path.abspath(named), choice)


def learn(found: Site, names: Pseudonyms) -> None:
    """Give pseudonyms to all that is the site's own: HA groups in the order of the file, this host, its user, paths."""
    for group in groups(found.document):
        names.of("label", group.label or "")
        for listed in (group.serial or "", *group.members, *group.standby):
            for serial in listed.split():  # a list without commas is one part
                names.of("serial", serial)
    if isinstance(found.choice, str):
        names.of("label", found.choice)
    host = socket.gethostname()
    for name in (host, host.partition(".")[0]):
        names.of("host", name)
    names.of("user", _user())
    for path in (found.path, found.library, os.path.expanduser("~")):
        names.of("path", path)
        names.of("path", os.path.dirname(path))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container runs under a number that has no name
        return ""
