"""Which places of a file no fix may fill: an entry or a section of that name is there, or two fixes would make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts
from confkit.core.ha import folded
from confkit.lint.context.entry_index import LABEL, right_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.syntax import Document
    from confkit.lint.context.entry_index import Index


def taken_places(document: Document, index: Index) -> frozenset[tuple[str, str]]:
    """Return the places (section, name), as `folded` returns names, that no fix may fill; name "": a section.

    They are those that are filled already and those that two fixes would fill. What no fix would write is left out: a
    hostile file has a million other names.
    """
    asked = {folded(document, name) for name in _names_to_write(document, index)}
    taken: set[tuple[str, str]] = set()
    wanted: set[tuple[str, str]] = set()
    for place in _present(document, index):
        if (place[1] or place[0]) in asked:
            taken.add(place)
    for section, name in _wanted(index):
        place = folded(document, section), folded(document, name)
        if (place[1] or place[0]) in asked:
            (taken if place in wanted else wanted).add(place)
    return frozenset(taken)


def _names_to_write(document: Document, index: Index) -> Iterator[str]:
    """Yield the names that fixes would write: of entries in the right case, spelling or section, and of sections."""
    for cause in (*(each.cause for each in index.sections), *(each.cause for each in index.unknown)):
        if cause.right:
            yield cause.right
    for entry, cause in index.unknown:
        for home in cause.sections:
            facts = entry_facts(home, entry.name, windows=True)
            if facts:
                yield right_spelling(facts, entry.name, windows=document.windows)
    for entry, facts, _ in index.known:
        if facts.other_platform:
            yield right_spelling(facts, entry.name, windows=document.windows)


def _present(document: Document, index: Index) -> Iterator[tuple[str, str]]:
    """Yield the places that are filled, folded."""
    for section in document.sections:
        yield folded(document, section.name), ""
    for entry, facts, _ in index.known:
        if facts.name != LABEL:
            yield folded(document, entry.section), folded(document, entry.name)


def _wanted(index: Index) -> Iterator[tuple[str, str]]:
    """Yield the places that the fixes of wrong names and sections would fill."""
    for section, cause in index.sections:
        yield cause.right or section.name, ""
    for entry, cause in index.unknown:
        yield from ((home, entry.name) for home in cause.sections)
        yield entry.section, cause.right or entry.name
    for entry, facts, _ in index.known:
        if facts.other_platform:
            yield entry.section, facts.other_platform
