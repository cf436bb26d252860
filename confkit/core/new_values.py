"""What no edit writes without force: a placeholder, a value with a comment, or a path as the other platform has it.

It holds for every edit, whatever it intends: a value that is new in its entry is looked at, one that was there is not.
Carried into modules that run on Python 3.8.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from confkit.core.comments import comment_in
from confkit.core.errors import UsageError
from confkit.core.paths import is_of_other_platform
from confkit.core.placeholders import placeholder

if TYPE_CHECKING:
    from confkit.core.syntax import Document


def refuse_unusable(before: Document, after: Document) -> None:
    """Raise UsageError where an entry of `after` has such a value and did not have it in `before`.

    An entry that moved, or got another number or name, is not new. Nor is a placeholder that was a member of the same
    list, or a component of the same path, or a comment that was there, before other parts of the value changed.
    """
    old, new = _counted(before), _counted(after)
    # a first look, which is cheap: the catalogue knows whether it is a path, and which words are values
    suspects = [entry for entry in (new - old).elements() if _is_suspect(entry[2], windows=after.windows)]
    given_up = _GivenUp(old, new) if suspects else None
    for section, name, value in suspects:
        if given_up and not _is_suspect(given_up.without_known(section, name, value), windows=after.windows):
            continue
        from confkit.core.validate import unusable  # noqa: PLC0415 - it brings the catalogue along

        reason = unusable(section, name, value, windows=after.windows)
        if reason is not None:
            raise UsageError(f"{reason}; --force sets it all the same. Nothing was changed")


def dropped_comments(before: Document, after: Document) -> tuple[str, ...]:
    """Return a warning for each entry that has another value now, and had a comment behind the old one."""
    old = (entry for section in before.sections for entry in section.entries if comment_in(entry.value))
    return tuple(
        f"{entry.section}/{entry.name} had a comment behind its value, which was a part of the value and is not kept"
        for entry in old
        if (now := after.entries(entry.section, entry.name)) and not _has_comment_of(now[0].value, entry.value)
    )


def _has_comment_of(value: str, old: str) -> bool:
    comment = comment_in(old)
    return comment is None or value.endswith(old[comment.start() :])


class _GivenUp:
    """The values that entries had and no longer have. Each makes one other value known, and no more than one."""

    def __init__(self, old: Counter[tuple[str, str, str]], new: Counter[tuple[str, str, str]]) -> None:
        self.known_names = {entry[:2] for entry in old}
        kept_names = {entry[:2] for entry in new}
        self.values: Counter[tuple[str, str]] = Counter()  # of a numbered family, whole ones
        self.parts: Counter[tuple[str, str]] = Counter()  # of a numbered family
        self.renamed: dict[str, list[str]] = {}  # value -> families of the entries that are gone
        for section, name, value in (old - new).elements():
            family = _family(name)
            self.values[family, value] += 1
            self.parts.update((family, part) for part in map(_bare, _split(value)))
            if (section, name) not in kept_names:
                self.renamed.setdefault(value, []).append(family)

    def without_known(self, section: str, name: str, value: str) -> str:
        """Return a new value without what its entry had before: nothing of a whole one, else not these placeholders."""
        family = _family(name)
        if (section, name) not in self.known_names and not self.values[family, value] and self.renamed.get(value):
            family = self.renamed[value].pop()
        rest = "".join("" if self._take(family, part) else part for part in _split(value))
        if self.values[family, value]:
            self.values[family, value] -= 1
            return ""
        return rest

    def _take(self, family: str, part: str) -> bool:
        if (placeholder(part) is None and comment_in(part) is None) or not self.parts[family, _bare(part)]:
            return False
        self.parts[family, _bare(part)] -= 1
        return True


def _counted(document: Document) -> Counter[tuple[str, str, str]]:
    return Counter((entry.section, entry.name, entry.value) for each in document.sections for entry in each.entries)


def _is_suspect(value: str, *, windows: bool) -> bool:
    return (
        placeholder(value) is not None or comment_in(value) is not None or is_of_other_platform(value, windows=windows)
    )


def _family(name: str) -> str:
    """Return what entries have in common that differ in their number or in letter case."""
    return re.sub("[0-9]{2}", "NN", name).lower()


def _split(value: str) -> list[str]:
    """Return the members of a list, or the components of a path, with the separators between; a comment is one part."""
    comment = comment_in(value)
    end = comment.start() if comment else len(value)
    return [*re.split(r"([,/\\])", value[:end]), value[end:]]


def _bare(part: str) -> str:
    return part.strip(" \t\"'")
