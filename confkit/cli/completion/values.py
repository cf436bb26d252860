"""Names that stand in the configuration file at hand, in the catalogue, or in the table: sections, keys, hosts, rules.

Nothing is said of a file that cannot be read. Values of entries come from the catalogue alone, never from a file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confkit.core.syntax import Section

Word = tuple[str, str]
_MAX_MEMBERS = 32


class Typed(NamedTuple):
    """What is typed before the cursor, by the names of parameters, and the table of commands."""

    given: Mapping[str, str]
    table: Mapping[str, Any]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the file that is meant; none where it cannot be read."""
        from confkit import load  # noqa: PLC0415 - not needed for commands and options
        from confkit.core.errors import ConfkitError  # noqa: PLC0415

        given = self.given.get("config")
        try:
            return load(os.path.expanduser(given) if given else None).sections
        except (ConfkitError, OSError, ValueError):
            return ()


def sections(typed: Typed) -> Iterator[Word]:
    """Yield the sections of the file, then those of the catalogue."""
    from confkit.core.catalogue import section_facts, section_names  # noqa: PLC0415

    for name in [*(section.name for section in typed.sections), *section_names()]:
        facts = section_facts(name)
        yield name, facts.meaning if facts else ""


def keys(typed: Typed) -> Iterator[Word]:
    """Yield the entries of the section that is typed: those in the file, then those of the catalogue."""
    from confkit.core.catalogue import entry_facts, section_facts  # noqa: PLC0415

    name = typed.given.get("section", "")
    for section in typed.sections:
        for entry in section.entries if section.name == name else ():
            known = entry_facts(name, entry.name)
            yield entry.name, known.meaning if known else ""
    facts = section_facts(name)
    for key, entry_known in facts.entries.items() if facts else ():
        if "{" not in key:
            yield key, entry_known.meaning


def entry_values(typed: Typed) -> Iterator[Word]:
    """Yield the values that the catalogue allows for the entry that is typed, and its default."""
    from confkit.core.catalogue import entry_facts  # noqa: PLC0415

    facts = entry_facts(typed.given.get("section", ""), typed.given.get("key", ""))
    if facts is None or facts.secret:
        return
    choices = facts.choices or (("0", "1") if facts.type == "boolean" else ())
    for choice in choices:
        yield choice, "the default" if choice == facts.default else ""
    if facts.default and facts.default not in choices:
        yield facts.default, "the default"


def hosts(typed: Typed) -> Iterator[Word]:
    """Yield the servers in the file."""
    from confkit.core import ha  # noqa: PLC0415

    yield from ((server.name.value, "") for server in ha.servers(typed.sections) if server.name)


def labels(typed: Typed) -> Iterator[Word]:
    """Yield the labels of the HA groups in the file."""
    from confkit.core import ha  # noqa: PLC0415

    yield from ((label, "") for label in ha.labels(ha.groups(typed.sections)))


def members(typed: Typed) -> Iterator[Word]:
    """Yield the serial numbers of the members of the group that is typed."""
    from confkit.core import ha  # noqa: PLC0415

    for group in ha.groups(typed.sections):
        if group.name == typed.given.get("label"):
            yield from ((serial, "") for serial in ha.serials(group.members))


def rules(typed: Typed) -> Iterator[Word]:
    """Yield the codes of all rules with their names."""
    yield from typed.table["rules"].items()


def faults(typed: Typed, current: str) -> Iterator[Word]:
    """Yield the faults of an emulated member: first its number, then what is wrong with it."""
    number, equals, _ = current.partition("=")
    if equals:
        yield from ((f"{number}={name}", about) for name, about in typed.table["faults"].items())
    else:
        count = typed.given.get("members", "2")
        last = min(int(count), _MAX_MEMBERS) if count.isascii() and count.isdigit() else 2
        yield from ((f"{each}=", f"member {each}") for each in range(last))
