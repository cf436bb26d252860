"""From a key as it stands in a file to what the catalogue knows of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from confkit.core.catalogue.loader import EntryFacts, read_section
from confkit.core.catalogue.names import SECTION_NAMES, known_section

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = "{NN}"
_LABEL = "{label}"
_TWO_DIGITS = re.compile(r"(?<![0-9])[0-9]{2}(?![0-9])")
_LONGEST_NAME = 64  # the catalogue's longest name has 37 characters; comparing names takes quadratic time


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

    Sections whose keys are free labels (HASynchronize, HARecovery) would take any key and are left out.
    """
    found = ((name, entry_facts(name, key, windows=windows)) for name in SECTION_NAMES)
    return tuple(name for name, facts in found if facts is not None and facts.name != _LABEL)


def near_names(key: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return at most three `candidates` that `key` may be a misspelling of, the nearest first.

    Letter case does not count. A candidate with {NN} is returned with the two digits of `key`, where it has any.
    """
    if len(key) > _LONGEST_NAME:
        return ()
    # costs 10 ms, and only a misspelt key comes here
    from difflib import get_close_matches  # noqa: PLC0415

    digits = _TWO_DIGITS.search(key)
    names: dict[str, str] = {}
    for candidate in candidates:
        name = candidate.replace(_INDEX, digits[0]) if digits else candidate
        names.setdefault(name.lower(), name)
    return tuple(names[near] for near in get_close_matches(key.lower(), names))


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
