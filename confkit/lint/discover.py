"""Which files are linted: those that are named, and in folders those that look like one, or that hold one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.file import NAMES
from confkit.lint.detect import LOOKED_AT, looks_like_one
from confkit.lint.environment.manifest_signs import ENDINGS as MANIFEST_ENDINGS
from confkit.lint.environment.manifest_signs import may_hold_one
from confkit.lint.inputs import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"
_ENDINGS = (".conf", ".ini")
_NOTHING_FOUND = "no configuration file was found in this folder. Name the file, or another folder."


class Target(NamedTuple):
    """A file to be linted; or a path at which there is none, and why. `source`: what was read from standard input."""

    path: str
    error: str | None = None
    source: bytes | None = None


class Found(NamedTuple):
    """The files in the order in which they are reported, and what was met on the way.

    `searched` are the folders that were named; `unseen` are files whose name ends in .conf, .ini, .yaml or .yml and
    which could not be looked at, so that nobody knows whether they are meant; `templates` are manifests that have to be
    rendered before there is anything to lint.
    """

    targets: tuple[Target, ...]
    searched: tuple[str, ...]
    unseen: tuple[str, ...]
    templates: tuple[str, ...] = ()


class _Aside(NamedTuple):
    """What a search met that is not linted; see `Found`."""

    unseen: list[str]
    templates: list[str]


def find_targets(paths: Iterable[str], here: str) -> Found:
    """Find the files that `paths` stand for: a file itself, a folder all files below it that look like one, sorted.

    A folder is searched without the hidden folders and the linked folders in it. Meant are files that are called
    Chrystoki.conf or crystoki.ini in any letter case, those whose name ends in .conf or .ini and which begin like one,
    and Kubernetes manifests (.yaml, .yml) that hold one. Paths below `here`, the current folder, are returned relative
    to it. A file that is reached twice is returned once.
    """
    targets: dict[str, Target] = {}
    searched: list[str] = []
    aside = _Aside([], [])
    for given in paths:
        path = _shown(given, here)
        found = [Target(path)]
        if given != STANDARD_INPUT and os.path.isdir(path):
            searched.append(path)
            found = sorted(_below(path, aside)) or [Target(path, _NOTHING_FOUND)]
        for target in found:
            identity = given if given == STANDARD_INPUT else os.path.realpath(target.path)
            targets.setdefault(identity, target)
    return Found(tuple(targets.values()), tuple(searched), tuple(aside.unseen), tuple(aside.templates))


def _shown(path: str, here: str) -> str:
    if not os.path.isabs(path):
        return path
    relative = os.path.relpath(path, here)
    if relative == STANDARD_INPUT:
        return os.path.join(os.curdir, relative)
    return path if relative.startswith(os.pardir) else relative


def _below(top: str, aside: _Aside) -> Iterator[Target]:
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            yield Target(folder, f"this folder cannot be searched ({error.strerror}). Mend that, or name its files.")
            continue
        for entry in entries:
            path = entry.path.removeprefix(f".{os.sep}")
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    folders.append(path)
            elif _is_meant(entry, path, aside):
                yield Target(path)


def _is_meant(entry: os.DirEntry[str], path: str, aside: _Aside) -> bool:
    name = entry.name.lower()
    if name in NAMES:
        return not (entry.is_symlink() and os.path.isdir(path))
    try:
        # is_file first: a FIFO is not opened
        if name.endswith(_ENDINGS):
            return entry.is_file() and looks_like_one(_start_of(path))
        return name.endswith(MANIFEST_ENDINGS) and entry.is_file() and _holds_one(path, aside.templates)
    except (OSError, FileError):
        aside.unseen.append(path)
        return False


def _holds_one(path: str, templates: list[str]) -> bool:
    """Tell whether a manifest is meant: it holds a configuration file, or nobody can tell before it is mended."""
    source = read_file(path)
    if not may_hold_one(source):
        return False
    # most manifests are none of ours
    from confkit.lint.environment.manifests import holds_one  # noqa: PLC0415

    found = holds_one(source)
    if found == "not rendered":
        templates.append(path)
    return found == "yes"


def _start_of(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read(LOOKED_AT) or b""
