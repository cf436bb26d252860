"""Checks of the configuration as a whole, and of its files: present, regular, readable by the application's user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from confkit.core.catalogue.names import known_section
from confkit.preflight.named import unfilled
from confkit.preflight.observations import Check, Question, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.observations import FileSeen, Observations

_CLIENT_NAME = "Chrystoki.conf"


def missing_file(seen: Observations) -> Iterator[Finding]:
    """A file that the configuration names does not exist.

    ## Why

    The client loads the library, the certificates and the key when an application starts, and its error messages name
    none of them. The usual reason is a path that is right on another host, or outside the container.

    ## What to do

    Install the file, or correct the path. Below `--root` an absolute path, and an absolute link on the way, start at
    that directory. A missing library of the other word size is an info: most hosts have one. A missing SSLConfigFile is
    a warning, since no document of the vendor says that the client needs it.

    ## Source

    SUNET/docker-luna-client, pull request 3; Infisical, pull request 3513: paths that did not exist where they were
    read.
    """
    for each in seen.files:
        if each.status.state == "missing":
            message = f"{_named(each)} does not exist: {each.status.reason}"
            yield at(each.named.entry, message, "Install the file, or correct the path", each.named.severity)


def not_a_file(seen: Observations) -> Iterator[Finding]:
    """A path leads to a directory or a device where a file is needed.

    ## Why

    A chart was shipped with ClientCertFile set to a directory; the client never came up.

    ## What to do

    Name the file in that directory.

    ## Source

    sapcc/helm-charts, commit e12da970c9.
    """
    kinds = {"directory": "a directory", "special": "a device, a FIFO or a socket"}
    for each in seen.files:
        if each.status.state in kinds:
            yield at(
                each.named.entry, f"{_named(each)} is {kinds[each.status.state]}, not a file", "Name a regular file"
            )


def unreadable_file(seen: Observations) -> Iterator[Finding]:
    """The user that will run the application may not read a file.

    ## Why

    Few users may read a key, and the application's user must be one of them. `--user` says who that is; without it, it
    is the user that runs confkit, and root may read everything.

    ## What to do

    Give the file to that user or to one of its groups, and let it search the directories on the way.

    ## Source

    A key that the application's user cannot read is named as a cause of failure in the guide for AD CS on Azure.
    """
    user = shown(seen.host.account.name)
    advice = "Give the file to that user or to one of its groups, and let it search the directories on the way"
    if seen.config.path_below and seen.host.answers.get(Question(seen.config.path_below, "read")) == "no":
        yield seen.config.whole(f"the user {user} may not read this file", advice)
    for each in seen.files:
        if _answer(seen, each) == "no":
            yield at(each.named.entry, f"the user {user} may not read {_named(each)}", advice)


def not_checked(seen: Observations) -> Iterator[Finding]:
    """A file or directory could not be checked.

    ## Why

    Without root, who may read a file is told from mode bits; an access control list, or a directory that confkit may
    not search, leaves it open. And a key that only the application's user may read is closed to confkit too. What could
    not be read is a warning, because a gate should not pass files that it has not seen.

    ## What to do

    Run preflight as root with `--user`, or as the application's user.
    """
    advice = "Run this as root with --user, or as that user"
    user = shown(seen.host.account.name)
    for each in seen.files:
        if each.content.unread is not None and _answer(seen, each) != "no":
            yield at(each.named.entry, f"{_named(each)} was not read: {each.content.unread}", advice)
        elif _answer(seen, each) == "unknown":
            yield at(each.named.entry, f"cannot tell whether {user} may read {_named(each)}", advice, "info")
    for directory in seen.directories:
        if directory.answer == "unknown" and directory.status.state in {"directory", "forbidden"}:
            message = f"cannot tell whether {user} may write to {shown(directory.path)}"
            yield at(directory.entry, message, advice, "info")


def relative_path(seen: Observations) -> Iterator[Finding]:
    """A path is relative, so it was not checked.

    ## Why

    A relative path starts at the directory in which the application is started, which preflight cannot know. Cloud
    Foundry's buildpacks write such paths on purpose, and they work there.

    ## What to do

    Nothing, where this is intended. Otherwise write the absolute path.

    ## Source

    cloudfoundry/java-buildpack, luna_security_provider (Apache-2.0).
    """
    for entry in seen.config.relative:
        message = f"{shown(entry.value)} depends on the directory that the application starts in: not checked"
        yield at(entry, message, "Write the absolute path, unless this is intended")


def windows_file(seen: Observations) -> Iterator[Finding]:
    """The configuration has the Windows form, and this host does not run Windows.

    ## Why

    The client of this platform reads Chrystoki.conf in the UNIX form. Windows paths mean nothing here, so only the
    network was checked.

    ## What to do

    Run preflight with the file that this host's client reads, or convert this one: `confkit convert`.
    """
    if seen.config.windows:
        message = "this file has the Windows form: none of the files and directories that it names was checked"
        yield seen.config.whole(message, "Name the file that the client on this host reads, or convert this one")


def nothing_configured(seen: Observations) -> Iterator[Finding]:
    """The file configures nothing: it is empty, has only comments, or has no section of the client.

    ## Why

    A file that was truncated, or another program's file in its place, has nothing wrong in it, and an application finds
    neither library nor HSM.

    ## What to do

    Restore the file, or name the right one with `-c`.
    """
    sections = seen.config.document.sections
    if not any(section.entries for section in sections):
        yield seen.config.whole("nothing is configured here: the file has no entries", "Restore it, or name another")
    elif not any(section.entries and _is_known(section.name, seen) for section in sections):
        message = "nothing is configured here: no section of the Luna client"
        yield seen.config.whole(message, "Name a client configuration with -c")


def unresponsive_path(seen: Observations) -> Iterator[Finding]:
    """A path is on a file system that does not answer.

    ## Why

    A network mount whose server is gone holds every program that touches it, the application as well. preflight waits
    for it as long as `--timeout` says, then goes on without it.

    ## What to do

    Check the mount (`findmnt`, then its server), or unmount it.
    """
    advice = "Check its file system: a network mount whose server is gone?"
    paths = [(each.named.entry, each.named.path, each.status) for each in seen.files]
    paths += [(each.named.entry, each.named.path, each.status) for each in seen.directories]
    for entry, path, status in paths:
        if status.state == "silent":
            yield at(entry, f"{shown(path)}: {status.reason}", advice)


def not_filled_in(seen: Observations) -> Iterator[Finding]:
    """A value still has the placeholder of a template, or a variable that nothing replaced.

    ## Why

    The client expands nothing: `$HOME/x.so` is a relative path for it, and `${PORT}` is not a number.

    ## What to do

    Render the template, or write the value. Nothing else is said about what such an entry names.

    ## Source

    ThalesGroup/luna-openssl-provider, engine/e_gem.c, `luna_getprop` (MIT), which expands nothing.
    """
    for section in seen.config.document.sections:
        if _is_known(section.name, seen):
            for entry in section.entries:
                if found := unfilled(entry):
                    yield at(entry, f"{shown(entry.name)} was not filled in: {found}", "Write the value")


def unexpected_file_name(seen: Observations) -> Iterator[Finding]:
    """The file's name has other letter case than the one that the client reads.

    ## Why

    The client appends Chrystoki.conf to the directory in ChrystokiConfigurationPath. On a file system that is
    case-sensitive it does not find chrystoki.conf.

    ## What to do

    Rename the file to Chrystoki.conf.

    ## Source

    gem-samples, e_gem.c (MIT).
    """
    name = os.path.basename(seen.config.path)
    if name != _CLIENT_NAME and name.lower() == _CLIENT_NAME.lower() and not seen.config.windows:
        yield seen.config.whole(f"the client reads {_CLIENT_NAME}, not {name}", f"Rename it to {_CLIENT_NAME}")


def _is_known(name: str, seen: Observations) -> bool:
    return known_section(name, windows=seen.config.windows) is not None


def _named(each: FileSeen) -> str:
    return f"the {each.named.word} {shown(each.named.path)}"


def _answer(seen: Observations, each: FileSeen) -> str:
    """Return whether the user may read the file; "yes" for what is not a file, which another check reports."""
    if each.status.state not in {"file", "forbidden"}:
        return "yes"
    return seen.host.answers.get(Question(each.named.path, "read"), "unknown")


CHECKS = (
    Check("CKP01", "missing-file", "error", missing_file),
    Check("CKP02", "not-a-file", "error", not_a_file),
    Check("CKP03", "unreadable-file", "error", unreadable_file),
    Check("CKP04", "not-checked", "warning", not_checked),
    Check("CKP05", "relative-path", "info", relative_path),
    Check("CKP06", "windows-file", "error", windows_file),
    Check("CKP07", "empty-configuration", "error", nothing_configured),
    Check("CKP08", "unresponsive-path", "error", unresponsive_path),
    Check("CKP09", "placeholder-in-value", "error", not_filled_in),
    Check("CKP10", "unexpected-file-name", "info", unexpected_file_name),
)
