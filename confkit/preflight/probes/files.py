"""Look at one file or directory that the configuration names, and read what a check needs of it."""

from __future__ import annotations

import errno
import os
import stat
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from confkit.core.elf import HEADER_BYTES, header_of
from confkit.preflight.observations import FileContent, Status
from confkit.preflight.probes import certificates
from confkit.preflight.probes.tree import place, read

if TYPE_CHECKING:
    from confkit.core.elf import ElfHeader
    from confkit.preflight.named import NamedDirectory, NamedFile
    from confkit.preflight.probes.tree import Tree

CERTIFICATE_ROLES = frozenset({"certificate", "key", "authorities"})

# A file of certificates may have 64 MiB, and a hostile configuration may name hundreds.
_READERS = BoundedSemaphore(8)
# A program that every image holds: the Filesystem Hierarchy Standard asks for the first.
_PROGRAMS = ("/bin/sh", "/bin/busybox", "/usr/bin/env")
_OWN = "/proc/self/exe"


def status_of(tree: Tree, path: str) -> Status:
    """Return what is at `path` below the tree; never raises."""
    try:
        with place(tree, path) as found:
            mode = found.status().st_mode
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or errno.EIO)
        return Status("forbidden" if isinstance(error, PermissionError) else "missing", reason=reason)
    if stat.S_ISREG(mode):
        return Status("file", mode)
    return Status("directory" if stat.S_ISDIR(mode) else "special", mode)


def content_of(tree: Tree, named: NamedFile) -> FileContent:
    """Look at a file, and read its header, its certificates or its key; never raises on what it finds."""
    content = FileContent(status_of(tree, named.path))
    if content.status.state == "forbidden":
        return content._replace(unread=content.status.reason)
    if content.status.state != "file":
        return content
    try:
        if named.role == "library":
            start = read(tree, named.path, HEADER_BYTES)
            return content._replace(library=header_of(start), read=True)
        if named.role in CERTIFICATE_ROLES and certificates.can_read():
            with _READERS:
                return _with_certificates(tree, named, content)
    except OSError as error:
        return content._replace(unread=error.strerror or "it cannot be read")
    return content


def _with_certificates(tree: Tree, named: NamedFile, content: FileContent) -> FileContent:
    data = read(tree, named.path, certificates.MAX_BYTES + 1)
    if named.role == "key":
        return content._replace(key=certificates.read_key(data), read=True)
    if named.role == "authorities":
        return content._replace(certificates=certificates.read_authorities(tree, named, data), read=True)
    return content._replace(certificates=certificates.read_certificates(data), read=True)


def directory_status(tree: Tree, named: NamedDirectory) -> tuple[str, Status]:
    """Return the directory and its status; for a file that may have to be created first, those of its parent."""
    found = status_of(tree, named.path)
    if named.wanted == "add" or found.state == "directory":
        return named.path, found
    parent = os.path.dirname(named.path.rstrip("/"))
    return parent, status_of(tree, parent)


def machine_of(tree: Tree) -> ElfHeader | None:
    """Return what the programs below the tree are made for; this Python decides for an image that has none.

    None where neither can be read: a system without /proc.
    """
    for path in _PROGRAMS if tree.name else ():
        try:
            found = header_of(read(tree, path, HEADER_BYTES))
        except OSError:
            continue
        if found:
            return found
    try:
        with open(_OWN, "rb") as file:
            return header_of(file.read(HEADER_BYTES))
    except OSError:
        return None
