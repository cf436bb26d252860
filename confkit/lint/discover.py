"""Discover which files are linted: those that are named, and in directories those that look like one or hold one."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from confkit.core.errors import FileError
from confkit.core.storage.locate import NAMES
from confkit.core.storage.reader import read_start
from confkit.lint.environment.detect import ENDINGS as MANIFEST_ENDINGS
from confkit.lint.environment.detect import (
    LOOKED_AT,
    NO_CONFIG_MAPS,
    environment_form,
    looks_like_configuration,
    may_hold_configuration,
    may_lead_to_configuration,
    mentions_configuration,
    names_one_of,
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
    `config_maps` are the ConfigMaps and Secrets that hold a configuration: name and keys. Other files may mount them.
    """

    targets: tuple[Target, ...]
    searched: tuple[str, ...]
    unseen: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    config_maps: Mapping[str, tuple[str, ...]] = NO_CONFIG_MAPS


class _Aside(NamedTuple):
    """What a search met that is not linted; see `Found`.

    `mounting` are workloads that mount something, which may be a ConfigMap of another file; `generating` are
    kustomizations, which may make one.
    """

    unseen: list[str]
    templates: list[str]
    outside: list[str]
    mounting: list[Target]
    generating: list[Target]


def find_targets(paths: Iterable[str], here: str) -> Found:
    """Find the files that `paths` stand for: a file itself, a directory all files below it that look like one, sorted.

    A directory is searched without the hidden directories and the linked directories in it, and without links that lead
    out of it. Meant are files that are called Chrystoki.conf or crystoki.ini in any letter case, those whose name ends
    in .conf or .ini and which begin like one, Kubernetes manifests (.yaml, .yml) that hold one, and the files that lead
    the client to its own: workloads, compose files under any name, Dockerfiles, units, scripts. Paths below `here`,
    the current directory, are returned relative to it. A file that is reached twice is returned once.
    """
    given: list[tuple[str | None, list[Target]]] = []
    searched: list[str] = []
    aside = _Aside([], [], [], [], [])
    for each in paths:
        path = _shown(each, here)
        if each != STANDARD_INPUT and os.path.isdir(path):
            searched.append(path)
            given.append((path, list(_below(path, aside))))
        else:
            given.append((None, [Target(path)]))
    config_maps = _config_maps([target for _, found in given for target in found], aside)
    mounting = _mounting(aside.mounting, config_maps)
    targets: dict[str, Target] = {}
    for directory, found in given:
        if directory is not None:
            found += [target for target in mounting if target.within == directory]
        for target in sorted(found) or [Target(directory or "", _NOTHING_FOUND)]:
            targets.setdefault(target.path if target.is_input else os.path.realpath(target.path), target)
    return Found(
        tuple(targets.values()),
        tuple(searched),
        tuple(aside.unseen),
        tuple(aside.templates),
        tuple(aside.outside),
        config_maps,
    )


def _config_maps(targets: Iterable[Target], aside: _Aside) -> Mapping[str, tuple[str, ...]]:
    """Return the ConfigMaps and Secrets that hold a configuration, where a workload of another file may mount them."""
    manifests = [target for target in targets if target.path.lower().endswith(MANIFEST_ENDINGS) and not target.error]
    if len(manifests) + len(aside.mounting) + len(aside.generating) < 2:
        return {}
    sources = dict(_sources([*manifests, *aside.generating]))
    made = {target.path for target in aside.generating}
    holding = [path for path, source in sources.items() if path in made or may_hold_configuration(source)]
    mounting = len(aside.mounting) + sum(b"volumeMounts" in source for source in sources.values())
    if not holding or not mounting:
        return {}
    from confkit.lint.environment.config_maps import config_maps_in  # noqa: PLC0415 - for YAML alone

    return {name: keys for path in holding for name, keys in config_maps_in(sources[path]).items()}


def _mounting(workloads: Iterable[Target], config_maps: Mapping[str, tuple[str, ...]]) -> list[Target]:
    """Return those of the workloads that mount one of these ConfigMaps or Secrets."""
    sources = _sources(workloads) if config_maps else ()
    meant = {
        path
        for path, source in sources
        if names_one_of(source, config_maps) and _tells_the_way(path, source, config_maps)
    }
    return [target for target in workloads if target.path in meant]


def _sources(targets: Iterable[Target]) -> Iterator[tuple[str, bytes]]:
    """Yield the content of the files that can be read; linting the others says why they cannot."""
    for target in targets:
        try:
            yield target.path, read_file(target.path)
        except FileError:
            continue


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
        return name in NAMES or (entry.is_file() and _has_to_do_with_us(path, name, top, aside))
    except (OSError, FileError):
        aside.unseen.append(path)
        return False


def _has_to_do_with_us(path: str, name: str, top: str, aside: _Aside) -> bool:
    is_long_read = environment_form(path, b"") is not None or not name.endswith(_ENDINGS)
    source = read_file(path) if is_long_read else read_start(path, LOOKED_AT)
    return _content_is_meant(path, source, top, aside)


def is_meant(path: str, source: bytes) -> bool:
    """Return whether the file at `path`, whose bytes are `source`, has to do with the client.

    Told by its name, else by what it holds: a configuration file, a manifest with one in it, or something of the way to
    one, as a Dockerfile, a unit or a script says it.
    """
    if os.path.basename(path).lower() in NAMES:
        return True
    return _content_is_meant(path, source, os.path.dirname(path), _Aside([], [], [], [], []))


def _content_is_meant(path: str, source: bytes, top: str, aside: _Aside) -> bool:
    if environment_form(path, source) is not None:
        return mentions_configuration(source)
    if path.lower().endswith(MANIFEST_ENDINGS):
        return _holds_configuration(path, source, top, aside)
    return looks_like_configuration(source)


def _holds_configuration(path: str, source: bytes, top: str, aside: _Aside) -> bool:
    """Return whether a file in YAML is meant.

    A manifest is that holds a configuration file, or one that nobody can read before it is fixed; so is a workload that
    says something of the way to the client's file.
    """
    if may_hold_configuration(source):
        # most manifests are none of ours
        from confkit.lint.environment.manifests import holds_configuration  # noqa: PLC0415

        found = holds_configuration(source)
        if found == "not rendered":
            aside.templates.append(path)
        if found != "no":
            return found == "yes"
    if b"kind" in source and may_lead_to_configuration(source) and _tells_the_way(path, source, {}):
        return True
    if b"MapGenerator" in source or b"secretGenerator" in source:
        aside.generating.append(Target(path, within=top))
    elif b"volumeMounts" in source:
        aside.mounting.append(Target(path, within=top))
    return False


def _tells_the_way(path: str, source: bytes, config_maps: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a workload in a manifest sets the variable, or has the client's file mounted."""
    from confkit.lint.environment.files import lint_environment  # noqa: PLC0415 - as above

    try:
        return lint_environment(path, source, "manifest", (), config_maps).tells
    except FileError:
        return False  # not a manifest: its templates and faults were looked at above
