"""Ignores of the settings file: which findings in which files do not count, and why."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from confkit.lint.diagnostics import Diagnostic

_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Ignore(NamedTuple):
    """Findings of `codes` (codes or prefixes) in files whose path fits `path` do not count, for `reason`."""

    path: str
    codes: tuple[str, ...]
    reason: str

    def fits(self, path: str) -> bool:
        """Tell whether a path, relative to the folder of the settings file, is one of those meant.

        `*` and `?` stand for anything but a slash, `**` for anything. A pattern without a slash is a file's name, in
        whatever folder; one with a slash is the whole path.
        """
        return _regex(self.path).fullmatch(path) is not None


class Ignores(NamedTuple):
    """All ignores of one settings file, and its folder."""

    folder: str
    entries: tuple[Ignore, ...]

    def of_file(self, path: str) -> list[Ignore]:
        """Return the ignores that concern the file at `path`."""
        if not self.entries:
            return []
        folder, name = os.path.split(path)
        place = os.path.join(os.path.realpath(folder), name)
        relative = os.path.relpath(place, os.path.realpath(self.folder)).replace(os.sep, "/")
        return [ignore for ignore in self.entries if ignore.fits(relative)]


def reason_for(code: str, ignores: Iterable[Ignore]) -> str | None:
    """Return why findings of `code` are ignored by the first of `ignores` that does so, or None."""
    return next((ignore.reason for ignore in ignores if code.startswith(ignore.codes)), None)


def unused(
    ignores: Ignores,
    files: Iterable[tuple[str, Iterable[Diagnostic]]],
    ran: Collection[str],
    searched: Iterable[str],
) -> Iterator[str]:
    """Yield a sentence for each ignore, code by code, that ignored nothing.

    `files` are the linted ones with their ignored findings, `ran` the codes of the rules that ran, `searched` the
    folders that were searched: an ignore for files that were not looked at is judged only when all of the settings'
    folder was searched.
    """
    ignored: dict[Ignore, set[str]] = {}
    for path, findings in files:
        codes = {finding.code for finding in findings}
        for ignore in ignores.of_file(path):
            ignored.setdefault(ignore, set()).update(codes)
    everywhere = any(_holds(folder, ignores.folder) for folder in searched)
    for ignore in ignores.entries:
        if ignore not in ignored:
            if everywhere:
                yield f"the ignore for {ignore.path} fits no file. Remove it"
            continue
        for code in ignore.codes:
            judged = any(each.startswith(code) for each in ran)
            if judged and not any(each.startswith(code) for each in ignored[ignore]):
                yield f"the ignore of {code} for {ignore.path} ignored nothing. Remove it"


def _holds(folder: str, other: str) -> bool:
    outer, inner = os.path.realpath(folder), os.path.realpath(other)
    return os.path.commonpath([outer, inner]) == outer


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    anywhere = "" if "/" in pattern else "(?:.*/)?"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return re.compile(anywhere + "".join(_WILDCARDS.get(part) or re.escape(part) for part in parts), re.DOTALL)
