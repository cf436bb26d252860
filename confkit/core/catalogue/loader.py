"""The catalogue as data: what every section and every entry of the configuration file means.

The facts are written down in schemas/sections, and read from schemas/catalogue.json, which is made from them. It is
validated by the tests and not again here: it is part of the program. This module is carried into modules that run on
Python 3.8.
"""

# ruff: noqa: FA100 - the annotations of a NamedTuple, as strings, would be compiled at import, each by itself: 0.1 ms
# for three of them

from functools import lru_cache
from typing import Any, Dict, FrozenSet, Iterator, List, NamedTuple, Optional, Tuple

from confkit.core.catalogue.files import catalogue
from confkit.core.catalogue.names import SECTION_NAMES


class EntryFacts(NamedTuple):
    """What is known of one entry, or of one numbered family of entries."""

    section: str
    name: str
    """As in the file; {NN} stands for two digits from 00, {label} for the label of an HA group."""
    type: str
    """integer, boolean, string, path, host, port, list, enum, serial or url"""
    meaning: str
    """One sentence without a full stop"""
    unit: Optional[str]
    """s, ms, bytes or count"""
    default: Optional[str]
    """The value in force when the entry is absent, as it would stand in the file"""
    minimum: Optional[int]
    maximum: Optional[int]
    choices: Tuple[str, ...]
    """All allowed values; empty where any value of the type is allowed, or where the list is not known"""
    platform: Optional[str]
    """unix or windows; None for both"""
    other_platform: Optional[str]
    """How the other platform spells this entry, where it differs"""
    since: Optional[str]
    """The first client version that has it"""
    until: Optional[str]
    """The first client version that no longer has it, or ignores it"""
    secret: bool
    """Its value is never shown"""
    may_be_empty: bool
    """Files with an empty value are shipped"""
    deprecated: Optional[str]
    """Why it should not be used any more"""
    note: Optional[str]
    evidence: str
    """How the name and the meaning are known: documented by the vendor, observed in a public file or an installed
    client, or recalled"""
    undocumented: Tuple[str, ...]
    """The fields that no vendor text gives although the entry is documented: a rule may not make an error of them"""
    source: Tuple[str, ...]


FIELDS = EntryFacts._fields[1:]  # in a row of the catalogue's file, in this order


class SectionFacts(NamedTuple):
    """What is known of one section: its entries in the order of its file, and misspelt names with the right ones."""

    name: str
    meaning: str
    entries: Dict[str, EntryFacts]
    misspelt: Dict[str, str]
    deprecated: Optional[str] = None
    """Why the whole section should not be used any more"""
    until: Optional[str] = None
    """The first client version that no longer has the section"""


def section_facts(name: str) -> Optional[SectionFacts]:
    """Return what is known of the section `name`, in exactly this spelling, or None.

    FileError when the catalogue is not installed.
    """
    return read_section(name) if name in SECTION_NAMES else None


def all_entries() -> Iterator[EntryFacts]:
    """Yield every entry of every section. FileError when the catalogue is not installed."""
    for name in SECTION_NAMES:
        yield from read_section(name).entries.values()


@lru_cache(maxsize=None)
def read_section(section: str) -> SectionFacts:
    """Return what is known of `section`, one of SECTION_NAMES. FileError when the catalogue is not installed."""
    table = catalogue()[section]
    entries = {row[0]: _entry(section, row) for row in table["entries"]}
    return SectionFacts(
        section, table["meaning"], entries, table["misspelt"], table.get("deprecated"), table.get("until")
    )


@lru_cache(maxsize=None)
def names_ignoring_case() -> FrozenSet[str]:
    """Return the name of every entry of every section, in lower case. FileError when the catalogue is not installed."""
    return frozenset(row[0].lower() for table in catalogue().values() for row in table["entries"])


def _entry(section: str, row: List[Any]) -> EntryFacts:
    return EntryFacts._make([section, *(tuple(field) if isinstance(field, list) else field for field in row)])
