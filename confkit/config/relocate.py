"""Move the paths of a file from one directory to another: the client unpacked elsewhere, a host against a container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts
from confkit.core.errors import UsageError
from confkit.core.ha import unquoted
from confkit.core.syntax import set_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry

# Where the vendor's installers put the client, the newest first; completion offers them.
DEFAULT_DIRECTORIES = {
    "unix": ("/usr/safenet/lunaclient", "/usr/lunasa"),
    "windows": ("C:\\Program Files\\SafeNet\\LunaClient", "C:\\Program Files\\LunaSA"),
}
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def relocated(document: Document, old: str, new: str) -> Document:
    """Return the document in which every path below directory `old` lies below `new`.

    Whole components are compared, so /usr/luna is not part of /usr/lunaclient; on Windows letter case and the kind of
    slash do not count. Only entries that hold a path are looked at. UsageError where a directory is not absolute,
    or `new` is one of Windows and the file has the UNIX form.
    """
    old, new = _directory(old), _directory(new)
    if _WINDOWS_PATH.match(new) and not document.windows:
        raise UsageError(f"{new!a} is a Windows directory, and the file has the UNIX form. Nothing was changed")
    for entry in _paths(document):
        path = unquoted(entry.value)
        if rest := _below(path, old):
            document = set_entry(document, entry.section, entry.name, entry.value.replace(path, new + rest[0]))
    return document


def _paths(document: Document) -> Iterator[Entry]:
    for section in document.sections:
        for entry in section.entries:
            facts = entry_facts(section.name, entry.name, windows=document.windows)
            if facts is not None and facts.type == "path":
                yield entry


def _below(path: str, directory: str) -> tuple[str] | None:
    """Return what follows `directory` in a path at or below it, as a tuple of one; None where it is elsewhere."""
    if _folded(path) == _folded(directory):
        return ("",)
    rest = path[len(directory) :]
    same = _folded(path[: len(directory)]) == _folded(directory)
    return (rest,) if same and rest[:1] in {"/", "\\"} else None


def _folded(path: str) -> str:
    return path.lower().replace("/", "\\") if _WINDOWS_PATH.match(path) else path


def _directory(given: str) -> str:
    """Return a directory without a slash at its end."""
    bare = given.rstrip("/\\")
    if not bare or not (given.startswith("/") or _WINDOWS_PATH.match(given)):
        raise UsageError(f"{given!a} is not an absolute path of a directory below the root. Nothing was changed")
    return bare
