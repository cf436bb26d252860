"""From a key as it stands in a file to what the catalogue knows of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from confkit.core.catalogue.loader import EntryFacts, read_section
from confkit.core.catalogue.names import NAMESAKE_SECTIONS, SECTION_NAMES, known_section

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = "{NN}"
_LABEL = "{label}"
_TWO_DIGITS = re.compile(r"(?<![0-9])[0-9]{2}(?![0-9])")
_LONGEST_NAME = 64  # the catalogue's longest name has 37 characters; comparing names takes quadratic time
_MAX_EDITS = 2
_MAX_SUGGESTIONS = 3
_MIN_BEGINNING = 4  # letters


def entry_facts(section: str, key: str, *, windows: bool = False) -> EntryFacts | None:
    """Return what is known of `key` in `section`, or None.

    An entry of exactly this name comes first, then a numbered family ({NN} is two digits from 00), then a family that
    is named after the label of an HA group. On Windows the letter case of section and key is ignored, as
    GetPrivateProfileString does, and of two spellings that differ in nothing else the one for Windows is returned.
    """
    name = known_section(section, windows=windows)
    if name is None:
        return None
    entries = _entries_ignoring_case(name) if windows else read_section(name).entries
    index = _INDEX.lower() if windows else _INDEX
    key = key.lower() if windows else key
    return (
        entries.get(key) or entries.get(_TWO_DIGITS.sub(index, key, count=1)) or _labelled(name, key, windows=windows)
    )


def sections_with(key: str, *, windows: bool = False) -> tuple[str, ...]:
    """Return every section that has an entry `key`, for "belongs in section X".

    Sections whose keys are free labels (HASynchronize, HARecovery) would take any key and are left out, and old
    sections are where a current one has the entry.
    """
    found = ((name, entry_facts(name, key, windows=windows)) for name in SECTION_NAMES)
    names = tuple(name for name, facts in found if facts is not None and facts.name != _LABEL)
    return tuple(name for name in names if name not in NAMESAKE_SECTIONS) or names


def near_names(key: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return at most three `candidates` that `key` may be a misspelling of, the nearest first.

    A candidate is near when at most two letters differ, and at most one letter in four; those that begin with `key`
    come last. Letter case does not count. A candidate with {NN} is returned with the two digits of `key`, where it has
    any.
    """
    if len(key) > _LONGEST_NAME:
        return ()
    digits = _TWO_DIGITS.search(key)
    allowed = min(_MAX_EDITS, max(1, len(key) // 4))
    found: dict[str, tuple[int, str]] = {}
    for candidate in candidates:
        name = candidate.replace(_INDEX, digits[0]) if digits else candidate
        compared = name if digits else candidate.replace(_INDEX, "")
        distance = edit_distance(key.lower(), compared.lower(), allowed)
        if distance is None and len(key) >= _MIN_BEGINNING and compared.lower().startswith(key.lower()):
            distance = len(compared)
        if distance is not None:
            found.setdefault(name.lower(), (distance, name))
    nearest = sorted(found.values(), key=lambda each: each[0])
    return tuple(name for _, name in nearest[:_MAX_SUGGESTIONS])


def may_be_renamed(key: str, name: str) -> bool:
    """Return whether `key` differs from `name` in letter case, or in one letter, and in nothing else.

    One letter too many, too few, wrong, or exchanged with its neighbour. Digits count as meaning: LunaG7Slots is not a
    misspelling of LunaG5Slots.
    """
    if [letter for letter in key if letter.isdigit()] != [letter for letter in name if letter.isdigit()]:
        return False
    return max(len(key), len(name)) <= _LONGEST_NAME and edit_distance(key.lower(), name.lower(), 1) is not None


def edit_distance(one: str, other: str, limit: int) -> int | None:
    """Return how many edits make `one` into `other`, or None where it takes more than `limit`.

    An edit inserts, removes or replaces a character, or exchanges two neighbours.
    """
    if abs(len(one) - len(other)) > limit:
        return None
    earlier: list[int] = []
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            least = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != wanted))
            if earlier and column > 1 and (one[row - 2], letter) == (wanted, other[column - 2]):
                least = min(least, earlier[column - 2] + 1)
            current.append(least)
        if min(current) > limit:
            return None
        earlier, previous = previous, current
    return previous[-1] if previous[-1] <= limit else None


@lru_cache(maxsize=None)
def _entries_ignoring_case(section: str) -> dict[str, EntryFacts]:
    entries: dict[str, EntryFacts] = {}
    for facts in read_section(section).entries.values():
        name = facts.name.lower()
        if name not in entries or entries[name].platform == "unix":
            entries[name] = facts
    return entries


def _labelled(section: str, key: str, *, windows: bool) -> EntryFacts | None:
    for rest, facts in _after_label(section).items():
        ending = rest.lower() if windows else rest
        if key.endswith(ending) and key != ending:
            return facts
    return None


@lru_cache(maxsize=None)
def _after_label(section: str) -> dict[str, EntryFacts]:
    entries = read_section(section).entries
    return {name[len(_LABEL) :]: facts for name, facts in entries.items() if name.startswith(_LABEL)}
