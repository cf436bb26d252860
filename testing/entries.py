"""What a document holds besides one entry: an edit of that one may not touch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confkit.core.syntax import Document


def others(document: Document, section: str, key: str) -> list[tuple[str, str, str]]:
    return [
        (found.name, entry.name, entry.value)
        for found in document.sections
        for entry in found.entries
        if not (document.same_name(found.name, section) and document.same_name(entry.name, key))
    ]
