"""Checks of the directories that the client writes to: present, and writable by the application's user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.preflight.observations import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import DirectorySeen, Observations

_FILE_SUFFIXES = (".txt", ".log")


def missing_directory(seen: Observations) -> Iterator[Finding]:
    """A directory for logs or locks does not exist.

    ## Why

    Nothing is logged until haLogPath names a valid directory, and the client does not say so. CkLog2 writes into the
    directory of its File and Error. For MutexFolder it is a warning: no document of the vendor says whether the client
    creates it.

    ## What to do

    Create the directory, and give it to the user that will run the application.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    for each in seen.directories:
        if each.status.state == "missing" and not _names_file(each):
            advice = "Create it, and give it to the user that will run the application"
            message = f"the directory {shown(each.path)} does not exist: {each.status.reason}"
            yield at(each.entry, message, advice, each.named.severity)


def not_a_directory(seen: Observations) -> Iterator[Finding]:
    """A path for logs or locks names a file where a directory is needed, or a directory where a file is needed.

    ## Why

    haLogPath and MutexFolder name directories, haLogPath without the haErrorLog.txt that the client creates in it. File
    and Error of CkLog2 name files.

    ## What to do

    Name a directory for the first two, and a file in it for the others.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
    """
    for each in seen.directories:
        if each.status.state in {"file", "special"}:
            message = f"{shown(each.path)} is not a directory"
            yield at(each.entry, message, f"Name the directory{_parent(each)}", each.named.severity)
        elif each.status.state == "missing" and _names_file(each):
            message = f"{shown(each.path)} names a file, and {each.entry.name} wants the directory that it is in"
            yield at(each.entry, message, f"Name the directory{_parent(each)}", each.named.severity)
        elif _is_directory_for_file(each):
            yield at(each.entry, f"{shown(each.path)} is a directory", "Name a file in it")


def unwritable_directory(seen: Observations) -> Iterator[Finding]:
    """The user that will run the application may not write its logs or locks.

    ## Why

    The HA log then stays empty without a message, and an HA member can fail unseen. `--user` says who the user is. As
    root, a child process becomes that user and asks the system, so access control lists and read-only file systems
    count; without root, mode bits decide.

    ## What to do

    Give the directory to that user or to one of its groups, and let it search the directories above.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    for each in seen.directories:
        if each.answer == "no" and each.status.state in {"directory", "forbidden"} and not _is_directory_for_file(each):
            message = f"the user {shown(seen.host.account.name)} may not write to {shown(each.named.path)}"
            advice = "Give it to that user or to one of its groups, and let it search the directories above"
            yield at(each.entry, message, advice, each.named.severity)


def _is_directory_for_file(each: DirectorySeen) -> bool:
    return each.named.wanted == "append" and each.path == each.named.path and each.status.state == "directory"


def _names_file(each: DirectorySeen) -> bool:
    """Return whether an entry that wants a directory names a file, by its suffix."""
    return each.named.wanted == "add" and each.path.lower().endswith(_FILE_SUFFIXES)


def _parent(each: DirectorySeen) -> str:
    parent = os.path.dirname(each.path.rstrip("/"))
    return f": {shown(parent)}" if parent and each.named.wanted == "add" else ""


CHECKS = (
    Check("CKP41", "missing-directory", "error", missing_directory),
    Check("CKP42", "not-a-directory", "error", not_a_directory),
    Check("CKP43", "unwritable-directory", "error", unwritable_directory),
)
