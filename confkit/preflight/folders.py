"""Folders that the client writes to: there, and writable by the user that will run the application."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.access import Question
from confkit.preflight.files import look
from confkit.preflight.model import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confkit.core.syntax import Entry
    from confkit.lint.diagnostics import Finding
    from confkit.preflight.access import Answer
    from confkit.preflight.entries import Folder
    from confkit.preflight.files import Look
    from confkit.preflight.model import Seen
    from confkit.preflight.tree import Tree


class FolderSeen(NamedTuple):
    """A folder that an entry names, or that of a file that it names; `answer`: the user may write there."""

    folder: Folder
    path: str
    look: Look
    answer: Answer

    @property
    def entry(self) -> Entry:
        """The entry that names it."""
        return self.folder.entry


def look_at(tree: Tree, folder: Folder, answers: Mapping[Question, Answer]) -> FolderSeen:
    """Look at the folder; for a file that may have to be made first, at the folder it lies in."""
    seen = look(tree, folder.path)
    answer = answers.get(Question(folder.path, folder.wanted), "unknown")
    if folder.wanted == "add" or seen.state == "folder":
        return FolderSeen(folder, folder.path, seen, answer)
    parent = os.path.dirname(folder.path.rstrip("/"))
    return FolderSeen(folder, parent, look(tree, parent), answer)


def folder_missing(seen: Seen) -> Iterator[Finding]:
    """A folder for logs or locks is not there.

    ## Why

    Nothing is logged until haLogPath names a valid folder, and the client does not say so. CkLog2 writes into the
    folder of its File and Error. For MutexFolder it is a warning: no text of the vendor tells whether the client makes
    it.

    ## What to do

    Make the folder, and give it to the user that will run the application.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    for each in seen.folders:
        if each.look.state == "missing":
            advice = "Make it, and give it to the user that will run the application"
            message = f"the folder {shown(each.path)} is not there: {each.look.reason}"
            yield at(each.entry, message, advice, each.folder.severity)


def not_a_folder(seen: Seen) -> Iterator[Finding]:
    """A path for logs or locks leads to a file where a folder is needed, or the other way round.

    ## Why

    haLogPath and MutexFolder name folders; File and Error of CkLog2 name files.

    ## What to do

    Name the folder for the first two, and a file in it for the others.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/Utilities/cklog/cklog.htm
    """
    for each in seen.folders:
        if each.look.state in {"file", "special"}:
            message = f"{shown(each.path)} is no folder"
            yield at(each.entry, message, "Name a folder", each.folder.severity)
        elif _is_folder_for_file(each):
            yield at(each.entry, f"{shown(each.path)} is a folder", "Name a file in it")


def folder_not_writable(seen: Seen) -> Iterator[Finding]:
    """The user that will run the application may not write its logs or locks.

    ## Why

    The HA log then stays empty without a word, and an HA member can fail unseen. `--user` says who the user is. As root
    the question is put to the system in a child process that has become that user, so access control lists and
    read-only file systems count; without root, mode bits tell.

    ## What to do

    Give the folder to that user or to one of its groups, and let it search the folders above.

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm
    """
    for each in seen.folders:
        if each.answer == "no" and each.look.state in {"folder", "forbidden"} and not _is_folder_for_file(each):
            message = f"the user {shown(seen.host.account.name)} may not write to {shown(each.folder.path)}"
            advice = "Give it to that user or to one of its groups, and let it search the folders above"
            yield at(each.entry, message, advice, each.folder.severity)


def _is_folder_for_file(each: FolderSeen) -> bool:
    return each.folder.wanted == "append" and each.path == each.folder.path and each.look.state == "folder"


CHECKS = (
    Check("CKP41", "folder-missing", "error", folder_missing),
    Check("CKP42", "not-a-folder", "error", not_a_folder),
    Check("CKP43", "folder-not-writable", "error", folder_not_writable),
)
