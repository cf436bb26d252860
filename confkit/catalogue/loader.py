"""The catalogue as data: what every section and every entry of the configuration file means.

A section's file in schemas/sections is opened when that section is asked for, and once. The files are validated by the
tests and not again here: they are part of the program.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from confkit.catalogue.files import section_file
from confkit.catalogue.names import SECTION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class EntryFacts(NamedTuple):
    """What is known of one entry, or of one numbered family of entries."""

    section: str
    name: str
    """As in the file; {NN} stands for two digits from 00, {label} for the label of an HA group."""
    type: str
    """integer, boolean, string, path, host, port, list, enum, serial or url"""
    meaning: str
    """One sentence without a full stop"""
    unit: str | None
    """s, ms, bytes or count"""
    default: str | None
    """The value in force when the entry is absent, as it would stand in the file"""
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    """All allowed values; empty where any value of the type is allowed, or where the list is not known"""
    platform: str | None
    """unix or windows; None for both"""
    other_platform: str | None
    """How the other platform spells this entry, where it differs"""
    since: str | None
    """The first client version that has it"""
    secret: bool
    """Its value is never shown"""
    may_be_empty: bool
    """Files with an empty value are shipped"""
    deprecated: str | None
    """Why it should not be used any more"""
    note: str | None
    sure: str
    """How the name and the meaning are known: documented by the vendor, seen in a public file, or recalled"""
    unsure: tuple[str, ...]
    """The fields that no vendor text gives although the entry is documented: a rule may not make an error of them"""
    source: tuple[str, ...]


class SectionFacts(NamedTuple):
    """What is known of one section: its entries in the order of its file, and misspelt names with the right ones."""

    name: str
    meaning: str
    entries: dict[str, EntryFacts]
    misspelt: dict[str, str]


def section_facts(name: str) -> SectionFacts | None:
    """Return what is known of the section `name`, in exactly this spelling, or None.

    FileError when the catalogue is not installed.
    """
    return read_section(name) if name in SECTION_NAMES else None


def all_entries() -> Iterator[EntryFacts]:
    """Yield every entry of every section; opens all files. FileError when the catalogue is not installed."""
    for name in SECTION_NAMES:
        yield from read_section(name).entries.values()


@cache
def read_section(section: str) -> SectionFacts:
    """Read what is known of `section`, one of SECTION_NAMES. FileError when the catalogue is not installed."""
    # costs 15 ms, and get or set-timeout never come here
    import tomllib  # noqa: PLC0415

    with open(section_file(section), "rb") as file:
        document = tomllib.load(file)
    entries = {name: _entry(section, name, table) for name, table in document["entry"].items()}
    return SectionFacts(section, document["meaning"], entries, document.get("misspelt", {}))


def _entry(section: str, name: str, table: Mapping[str, Any]) -> EntryFacts:
    default = table.get("default")
    return EntryFacts(
        section=section,
        name=name,
        type=table["type"],
        meaning=table["meaning"],
        unit=table.get("unit"),
        default=None if default is None else str(default),
        minimum=table.get("minimum"),
        maximum=table.get("maximum"),
        choices=tuple(str(choice) for choice in table.get("choices", ())),
        platform=table.get("platform"),
        other_platform=table.get("other_platform"),
        since=table.get("since"),
        secret=table.get("secret", False),
        may_be_empty=table.get("may_be_empty", False),
        deprecated=table.get("deprecated"),
        note=table.get("note"),
        sure=table["sure"],
        unsure=tuple(table.get("unsure", ())),
        source=tuple(table["source"]),
    )
