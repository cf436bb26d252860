"""Files that the configuration names: there, regular files, and readable by the user that will run the application."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.preflight.access import Question
from confkit.preflight.model import Check, at, shown
from confkit.preflight.tree import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.certificates import Certificates
    from confkit.preflight.entries import Named
    from confkit.preflight.library import Elf
    from confkit.preflight.model import Seen
    from confkit.preflight.tree import Tree
    from confkit.preflight.x509 import KeyRead

State = Literal["file", "folder", "special", "missing", "forbidden"]


class Look(NamedTuple):
    """What stands at a path: its kind, its mode, and the system's own words where it is missing or forbidden."""

    state: State
    mode: int = 0
    reason: str = ""


class FileSeen(NamedTuple):
    """A file that an entry names, who may read it, and what it holds where this process could read that."""

    named: Named
    look: Look
    content: Elf | Certificates | KeyRead | None = None
    unread: str | None = None
    """Why there is no content although there is a file"""


def look(tree: Tree, path: str) -> Look:
    """Look at what stands at `path` below the tree; never raises."""
    try:
        with place(tree, path) as found:
            mode = found.status().st_mode
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or errno.EIO)
        return Look("forbidden" if isinstance(error, PermissionError) else "missing", reason=reason)
    if stat.S_ISREG(mode):
        return Look("file", mode)
    return Look("folder" if stat.S_ISDIR(mode) else "special", mode)


def file_missing(seen: Seen) -> Iterator[Finding]:
    """A file that the configuration names is not there.

    ## Why

    The client loads the library, the certificates and the key when an application starts, and fails in words that name
    none of them. Paths that are right on another host or outside the container are the usual reason.

    ## What to do

    Install the file, or correct the path. Below `--root` an absolute path, and an absolute link on the way, start at
    that folder. A missing library of the other width is only told: most hosts have one width. What stands in
    SSLConfigFile is a warning, since no text of the vendor says that the client needs it.

    ## Source

    SUNET/docker-luna-client, pull request 3; Infisical, pull request 3513: paths that did not exist where they were
    read.
    """
    for each in seen.files:
        if each.look.state == "missing":
            message = f"{_named(each)} is not there: {each.look.reason}"
            yield at(each.named.entry, message, "Install the file, or correct the path", each.named.severity)


def not_a_file(seen: Seen) -> Iterator[Finding]:
    """A path leads to a folder, or to a device, where a file is needed.

    ## Why

    A chart was shipped with ClientCertFile set to a folder; the client never came up.

    ## What to do

    Name the file in that folder.

    ## Source

    sapcc/helm-charts, commit e12da970c9.
    """
    kinds = {"folder": "a folder", "special": "a device, a FIFO or a socket"}
    for each in seen.files:
        if each.look.state in kinds:
            yield at(each.named.entry, f"{_named(each)} is {kinds[each.look.state]}, no file", "Name a regular file")


def file_unreadable(seen: Seen) -> Iterator[Finding]:
    """The user that will run the application may not read a file.

    ## Why

    Keys are rightly readable by few; the application's user has to be one of them. `--user` says who that is; without
    it, it is the user that runs confkit, and for root nothing is unreadable.

    ## What to do

    Give the file to that user or to one of its groups, and let it search the folders on the way.

    ## Source

    A key that the application's user cannot read is named as a cause of failure in the guide for AD CS on Azure.
    """
    user = shown(seen.host.account.name)
    advice = "Give the file to that user or to one of its groups, and let it search the folders on the way"
    if seen.config.path and seen.host.answers.get(Question(seen.config.path, "read")) == "no":
        yield seen.config.whole(f"the user {user} may not read this file", advice)
    for each in seen.files:
        if _answer(seen, each) == "no":
            yield at(each.named.entry, f"the user {user} may not read {_named(each)}", advice)


def not_judged(seen: Seen) -> Iterator[Finding]:
    """A file or folder could not be judged.

    ## Why

    Without root, who may read a file is told from mode bits; an access control list, or a folder that confkit may not
    search, leaves it open. And a key that only the application's user may read is closed to confkit too. What could not
    be looked into is a warning, for a gate should not pass unseen files.

    ## What to do

    Run preflight as root with `--user`, or as the application's user.
    """
    advice = "Run this as root with --user, or as that user"
    user = shown(seen.host.account.name)
    for each in seen.files:
        if each.unread is not None and _answer(seen, each) != "no":
            yield at(each.named.entry, f"{_named(each)} was not looked into: {each.unread}", advice)
        elif _answer(seen, each) == "unknown":
            yield at(each.named.entry, f"whether {user} may read {_named(each)} cannot be told", advice, "info")
    for folder in seen.folders:
        if folder.answer == "unknown" and folder.look.state in {"folder", "forbidden"}:
            message = f"whether {user} may write to {shown(folder.path)} cannot be told"
            yield at(folder.entry, message, advice, "info")


def relative_path(seen: Seen) -> Iterator[Finding]:
    """A path is relative, so nothing can be said about it.

    ## Why

    A relative path starts where the application is started, and preflight cannot know that folder. Cloud Foundry's
    build packs write such paths on purpose, and they work there.

    ## What to do

    Nothing, where it is meant. Otherwise write the whole path.

    ## Source

    cloudfoundry/java-buildpack, luna_security_provider (Apache-2.0).
    """
    for entry in seen.config.relative:
        message = f"{shown(entry.value)} depends on the folder that the application starts in: not checked"
        yield at(entry, message, "Write the whole path, unless this is meant")


def windows_file(seen: Seen) -> Iterator[Finding]:
    """The configuration is of the Windows form, and this host is none.

    ## Why

    The client of this platform reads Chrystoki.conf in the UNIX form. Paths of Windows mean nothing here, so only the
    network was checked.

    ## What to do

    Run preflight with the file that this host's client reads, or make one: `confkit convert`.
    """
    if seen.config.windows:
        message = "this file is of the Windows form: no file or folder that it names was looked for on this host"
        yield seen.config.whole(message, "Name the file that the client on this host reads, or convert this one")


def _named(each: FileSeen) -> str:
    return f"the {each.named.word} {shown(each.named.path)}"


def _answer(seen: Seen, each: FileSeen) -> str:
    """Return whether the user may read the file; yes for what is no file, which is told already."""
    if each.look.state not in {"file", "forbidden"}:
        return "yes"
    return seen.host.answers.get(Question(each.named.path, "read"), "unknown")


CHECKS = (
    Check("CKP01", "file-missing", "error", file_missing),
    Check("CKP02", "not-a-file", "error", not_a_file),
    Check("CKP03", "file-unreadable", "error", file_unreadable),
    Check("CKP04", "not-judged", "warning", not_judged),
    Check("CKP05", "relative-path", "info", relative_path),
    Check("CKP06", "windows-file", "error", windows_file),
)
