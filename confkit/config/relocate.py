"""Move the paths of a file from one directory to another: the client unpacked elsewhere, a host against a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts
from confkit.core.errors import UsageError
from confkit.core.ha import unquoted
from confkit.core.paths import is_windows_path, rest_below
from confkit.core.syntax import set_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document, Entry


def relocated(document: Document, old: str, new: str) -> Document:
    """Return the document in which every path below directory `old` lies below `new`.

    Whole components are compared, so /usr/luna is not part of /usr/lunaclient; on Windows letter case and the kind of
    slash do not count. Where one of the two is a directory of Windows and the other is not, what follows gets the
    slashes of `new`. Only entries that hold a path are looked at. UsageError where a directory is not absolute, or
    `new` is one of Windows and the file has the UNIX form.
    """
    old, new = _directory(old), _directory(new)
    if is_windows_path(new) and not document.windows:
        raise UsageError(f"{new!a} is a Windows directory, and the file has the UNIX form. Nothing was changed")
    for entry in _paths(document):
        path = unquoted(entry.value)
        rest = rest_below(path, old)
        if rest is not None:
            moved = entry.value.replace(path, new + _slashes(rest, old, new))
            document = set_entry(document, entry.section, entry.name, moved)
    return document


def paths_below(document: Document, directory: str) -> int:
    """Return how many paths of the file lie at or below a directory."""
    directory = _directory(directory)
    return sum(rest_below(unquoted(entry.value), directory) is not None for entry in _paths(document))


def _slashes(rest: str, old: str, new: str) -> str:
    if is_windows_path(old) == is_windows_path(new):
        return rest
    return rest.replace("/", "\\") if is_windows_path(new) else rest.replace("\\", "/")


def _paths(document: Document) -> Iterator[Entry]:
    for section in document.sections:
        for entry in section.entries:
            facts = entry_facts(section.name, entry.name, windows=document.windows)
            if facts is not None and facts.type == "path":
                yield entry


def _directory(given: str) -> str:
    """Return a directory without a slash at its end."""
    bare = given.rstrip("/\\")
    if not bare or not (given.startswith("/") or is_windows_path(given)):
        raise UsageError(f"{given!a} is not an absolute path of a directory below the root. Nothing was changed")
    return bare
