"""Ignores of the settings file: which findings in which files do not count, and why."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_MAX_KEPT = 1024  # patterns that are compiled once


class Ignore(NamedTuple):
    """Findings of `codes` (codes or prefixes) in files whose path fits `path` do not count, for `reason`."""

    path: str
    codes: tuple[str, ...]
    reason: str

    def fits(self, path: str) -> bool:
        """Return whether a path, relative to the directory of the settings file, is one of those meant.

        `*` and `?` stand for anything but a slash, `**` for anything. A pattern without a slash is a file's name, in
        any directory; one with a slash is the whole path.
        """
        return _regex(self.path).fullmatch(path) is not None


class Ignores(NamedTuple):
    """All ignores of one settings file, and its directory."""

    directory: str
    entries: tuple[Ignore, ...]

    def of_file(self, path: str) -> list[Ignore]:
        """Return the ignores that concern the file at `path`."""
        if not self.entries:
            return []
        directory, name = os.path.split(path)
        place = os.path.join(os.path.realpath(directory), name)
        relative = os.path.relpath(place, os.path.realpath(self.directory)).replace(os.sep, "/")
        return [ignore for ignore in self.entries if ignore.fits(relative)]


NO_IGNORES = Ignores(os.sep, ())


def reason_for(code: str, ignores: Iterable[Ignore]) -> str | None:
    """Return why findings of `code` are ignored by the first of `ignores` that does so, or None."""
    return next((ignore.reason for ignore in ignores if code.startswith(ignore.codes)), None)


def unused(
    ignores: Ignores, suppressed: Mapping[Ignore, Collection[str]], ran: Collection[str], searched: Iterable[str]
) -> Iterator[str]:
    """Yield a sentence for each ignore, code by code, that ignored nothing.

    `suppressed` has, for each ignore that concerns a linted file, the codes of the findings that were ignored there;
    `ran` the codes of the rules that ran, `searched` the directories that were searched: an ignore for files that were
    not looked at is judged only when all of the settings' directory was searched.
    """
    everywhere = any(_holds(directory, ignores.directory) for directory in searched)
    for ignore in ignores.entries:
        if ignore not in suppressed:
            if everywhere:
                yield f"the ignore for {ignore.path} fits no file. Remove it"
            continue
        for code in ignore.codes:
            judged = any(each.startswith(code) for each in ran)
            if judged and not any(each.startswith(code) for each in suppressed[ignore]):
                yield f"the ignore of {code} for {ignore.path} ignored nothing. Remove it"


def _holds(directory: str, other: str) -> bool:
    outer, inner = os.path.realpath(directory), os.path.realpath(other)
    return os.path.commonpath([outer, inner]) == outer


@lru_cache(_MAX_KEPT)
def _regex(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern, which takes at most quadratic time in the length of a path.

    Between two `**` the first place that fits is as good as any, since the next `**` takes whatever follows; likewise
    between two `*` of one name. So no part is tried again once it fits: the groups are atomic. `**/` is any number of
    directories, none among them.
    """
    whole = pattern if "/" in pattern else f"**/{pattern}"
    chunks = re.split(r"((?:(?<![^/])\*\*/)+|\*\*+)", whole)
    found = [_chunk(chunks[0], last=len(chunks) == 1)]
    for star, chunk in zip(chunks[1::2], chunks[2::2], strict=True):
        anything = "(?:.*?/)??" if star.endswith("/") else ".*?"
        last = len(found) == len(chunks) // 2
        found.append(f"{anything}{_chunk(chunk, last=True)}" if last else f"(?>{anything}{_chunk(chunk, last=False)})")
    return re.compile("".join(found), re.DOTALL)


def _chunk(chunk: str, *, last: bool) -> str:
    """Return the expression of what stands between two `**`, or of the `last` such part, behind which a path ends."""
    first, *others = ("".join("[^/]" if each == "?" else re.escape(each) for each in part) for part in chunk.split("*"))
    found = [first]
    for number, part in enumerate(others, 1):
        found.append(f"[^/]*{part}" if last and number == len(others) else f"(?>[^/]*?{part})")
    return "".join(found)
