"""What no edit writes without force: a placeholder, or a path as the other platform has it.

It holds for every edit, whatever it intends: a value that is new in the file is looked at, one that was there is not.
Carried into modules that run on Python 3.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.errors import UsageError
from confkit.core.paths import is_of_other_platform
from confkit.core.placeholders import placeholder

if TYPE_CHECKING:
    from typing import Iterator

    from confkit.core.syntax import Document, Entry


def refuse_unusable(before: Document, after: Document) -> None:
    """Raise UsageError where `after` has such a value that `before` does not have, or more often than `before` has it.

    An entry that moved, or got another number, is not new.
    """
    for entry in _new(before, after):
        # a first look, which is cheap: the catalogue knows whether it is a path, and which words are values
        wrong = placeholder(entry.value)
        if wrong is None and is_of_other_platform(entry.value, windows=after.windows):
            wrong = entry.value
        if wrong is None or _holding(after, wrong) <= _holding(before, wrong):
            continue
        from confkit.core.validate import unusable  # noqa: PLC0415 - it brings the catalogue along

        reason = unusable(entry.section, entry.name, entry.value, windows=after.windows)
        if reason is not None:
            raise UsageError(f"{reason}; --force sets it all the same. Nothing was changed")


def _new(before: Document, after: Document) -> Iterator[Entry]:
    old = {(entry.section, entry.name, entry.value) for section in before.sections for entry in section.entries}
    for section in after.sections:
        for entry in section.entries:
            if (entry.section, entry.name, entry.value) not in old:
                yield entry


def _holding(document: Document, text: str) -> int:
    return sum(text in entry.value for section in document.sections for entry in section.entries)
