"""Discover which files are linted: those that are named, and in directories those that look like one or hold one."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.locate import NAMES
from confkit.core.storage.reader import read_start
from confkit.lint.environment.detect import ENDINGS as MANIFEST_ENDINGS
from confkit.lint.environment.detect import (
    LOOKED_AT,
    environment_form,
    looks_like_configuration,
    may_hold_configuration,
    may_lead_to_configuration,
    mentions_configuration,
)
from confkit.lint.inputs import read_file

STANDARD_INPUT = "-"
_ENDINGS = (".conf", ".ini")
_NOTHING_FOUND = "no configuration file was found in this directory. Name the file, or another directory."


class Target(NamedTuple):
    """A file to be linted; or a path at which there is none, and why.

    `source`: what was read from standard input. `within`: the directory that was searched, where the file was found
    there and not named; a link out of it is not followed.
    """

    path: str
    error: str | None = None
    source: bytes | None = None
    within: str | None = None

    @property
    def is_input(self) -> bool:
        """Whether this stands for standard input."""
        return self.path == STANDARD_INPUT


class Found(NamedTuple):
    """The files in the order in which they are reported, and what was met on the way.

    `searched` are the directories that were named; `unseen` are files whose name ends in .conf, .ini, .yaml or .yml and
    which could not be read, so that nobody knows whether they are meant; `templates` are manifests that have to be
    rendered before there is anything to lint; `outside` are links with such a name that lead out of the directory.
    """

    targets: tuple[Target, ...]
    searched: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class _Aside(NamedTuple):
    """What a search met that is not linted; see `Found`."""

    unseen: list[str]
    templates: list[str]
    outside: list[str]


def find_targets(paths: Iterable[str], here: str) -> Found:
    """Find the files that `paths` stand for: a file itself, a directory all files below it that look like one, sorted.

    A directory is searched without the hidden directories and the linked directories in it, and without links that lead
    out of it. Meant are files that are called Chrystoki.conf or crystoki.ini in any letter case, those whose name ends
    in .conf or .ini and which begin like one, Kubernetes manifests (.yaml, .yml) that hold one, and the files that lead
    the client to its own: workloads, compose files under any name, Dockerfiles, units, scripts. Paths below `here`,
    the current directory, are returned relative to it. A file that is reached twice is returned once.
    """
    targets: dict[str, Target] = {}
    searched: list[str] = []
    aside = _Aside([], [], [])
    for given in paths:
        path = _shown(given, here)
        found = [Target(path)]
        if given != STANDARD_INPUT and os.path.isdir(path):
            searched.append(path)
            found = sorted(_below(path, aside)) or [Target(path, _NOTHING_FOUND)]
        for target in found:
            identity = given if given == STANDARD_INPUT else os.path.realpath(target.path)
            targets.setdefault(identity, target)
    return Found(
        tuple(targets.values()), tuple(searched), tuple(aside.unseen), tuple(aside.templates), tuple(aside.outside)
    )


def leads_outside(path: str, within: str) -> bool:
    """Return whether a path below the directory `within` leads, through a link, out of what is searched there.

    Hidden directories are not searched: a checkout keeps its credentials in one.
    """
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(within))
    directories = os.path.dirname(relative).split(os.sep)
    return relative == os.pardir or os.path.isabs(relative) or any(part.startswith(".") for part in directories)


def _shown(path: str, here: str) -> str:
    if not os.path.isabs(path):
        return path
    relative = os.path.relpath(path, here)
    if relative == STANDARD_INPUT:
        return os.path.join(os.curdir, relative)
    return path if relative.startswith(os.pardir) else relative


def _below(top: str, aside: _Aside) -> Iterator[Target]:
    directories = [top]
    while directories:
        directory = directories.pop()
        try:
            entries = list(os.scandir(directory))
        except OSError as error:
            yield Target(
                directory, f"this directory cannot be searched ({error.strerror}). Fix this, or name its files."
            )
            continue
        for entry in entries:
            path = entry.path.removeprefix(f".{os.sep}")
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    directories.append(path)
            elif _may_be_meant(entry) and _is_meant(entry, path, top, aside):
                yield Target(path, within=top)


def _may_be_meant(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    return name.endswith((*_ENDINGS, *MANIFEST_ENDINGS)) or environment_form(entry.path, b"") is not None


def _is_meant(entry: os.DirEntry[str], path: str, top: str, aside: _Aside) -> bool:
    name = entry.name.lower()
    if entry.is_symlink():
        if os.path.isdir(path):
            return False
        if leads_outside(path, top):
            aside.outside.append(path)
            return False
    try:
        # is_file first: a FIFO is not opened
        return name in NAMES or (entry.is_file() and _has_to_do_with_us(path, name, aside))
    except (OSError, FileError):
        aside.unseen.append(path)
        return False


def _has_to_do_with_us(path: str, name: str, aside: _Aside) -> bool:
    if environment_form(path, b"") is not None:
        return _leads_to_configuration(path)
    if name.endswith(_ENDINGS):
        return looks_like_configuration(read_start(path, LOOKED_AT))
    return _holds_configuration(path, aside.templates)


def _holds_configuration(path: str, templates: list[str]) -> bool:
    """Return whether a file in YAML is meant.

    A manifest is that holds a configuration file, or one that nobody can read before it is fixed; so is a workload, or
    a compose file under any name, that says something of the way to the client's file.
    """
    source = read_file(path)
    if environment_form(path, source) is not None:
        return mentions_configuration(source)
    if may_hold_configuration(source):
        # most manifests are none of ours
        from confkit.lint.environment.manifests import holds_configuration  # noqa: PLC0415

        found = holds_configuration(source)
        if found == "not rendered":
            templates.append(path)
        if found != "no":
            return found == "yes"
    return b"kind" in source and may_lead_to_configuration(source) and _tells_the_way(path, source)


def _tells_the_way(path: str, source: bytes) -> bool:
    """Return whether a workload in a manifest sets the variable, or has the client's file mounted."""
    from confkit.lint.environment.files import lint_environment  # noqa: PLC0415 - as above

    try:
        return lint_environment(path, source, "manifest", ()).tells
    except FileError:
        return False  # not a manifest: its templates and faults were looked at above


def _leads_to_configuration(path: str) -> bool:
    """Return whether a Dockerfile, a compose file, a unit or a script has to do with the client's file."""
    return mentions_configuration(read_file(path))
