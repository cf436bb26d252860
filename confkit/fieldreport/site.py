"""What a field report is about: the file, the library, the HA group; and the names that are the site's own."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confkit.core.errors import UnavailableError
from confkit.core.storage.locate import VARIABLE, find
from confkit.core.view import groups
from confkit.live.session import open_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.syntax import Document
    from confkit.fieldreport.pseudonyms import Pseudonyms

FoundBy = Literal["option", "variable", "default"]


@dataclass(frozen=True)
class Site:
    """The file as it was read, and how it was found; the library; the HA group: slot, label, or None for the only one.

    `seconds` is the statusTimeout in force, None where the file holds no usable value. Paths are absolute.
    """

    path: str
    found_by: FoundBy
    document: Document
    seconds: int | None
    library: str
    choice: int | str | None


def site(given: str | None, library: str | None, choice: int | str | None, environment: Mapping[str, str]) -> Site:
    """Find the file and the library. Raise FileError or UnavailableError where there is none."""
    session = open_session(find(given, environment), library, choice)
    if session.library is None:
        raise UnavailableError(
            f"section Chrystoki2 of {session.path} names no library for this platform. Name one with --library."
        )
    found_by: FoundBy = "option"
    if given is None:
        found_by = "variable" if environment.get(VARIABLE) else "default"
    path = os.path.abspath(session.library)
    return Site(session.path, found_by, session.document, session.seconds, path, choice)


def learn(found: Site, names: Pseudonyms) -> None:
    """Give pseudonyms to what is the site's own: HA groups in the order of the file, this host, its user, paths."""
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
    except (KeyError, OSError):  # a container runs as a number that has no name
        return ""
