"""Names that stand in the configuration file at hand, in the catalogue, or in the table: sections, keys, hosts, rules.

Nothing is said of a file that cannot be read. Values of entries come from the catalogue alone, never from a file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confkit.core.syntax import Document

Word = tuple[str, str]
_MAX_MEMBERS = 32


class Typed(NamedTuple):
    """What is typed before the cursor, by the names of parameters, and the table of commands."""

    given: Mapping[str, str]
    table: Mapping[str, Any]

    @property
    def document(self) -> Document:
        """The file that is meant, whose form says how names compare; an empty one where it cannot be read."""
        from confkit import load, loads  # noqa: PLC0415 - not needed for commands and options
        from confkit.core.errors import ConfkitError  # noqa: PLC0415

        given = self.given.get("config")
        try:
            return load(os.path.expanduser(given) if given else None)
        except (ConfkitError, OSError, ValueError):
            return loads(b"", given or "")


def sections(typed: Typed) -> Iterator[Word]:
    """Yield the sections of the file, then those of the catalogue that it lacks."""
    from confkit.core.catalogue import known_section, section_facts, section_names  # noqa: PLC0415

    document = typed.document
    for name in _each_once(document, (*(section.name for section in document.sections), *section_names())):
        known = known_section(name, windows=document.windows)
        facts = section_facts(known) if known else None
        yield name, facts.meaning if facts else ""


def keys(typed: Typed) -> Iterator[Word]:
    """Yield the entries of the section that is typed: those in the file, then those of the catalogue that it lacks."""
    from confkit.core.catalogue import entry_facts, known_section, section_facts  # noqa: PLC0415

    document, section = typed.document, typed.given.get("section", "")
    present = [entry.name for found in document.sections_named(section) for entry in found.entries]
    known = known_section(section, windows=document.windows)
    facts = section_facts(known) if known else None
    others = [name for name in facts.entries if "{" not in name] if facts else []
    for name in _each_once(document, (*present, *others)):
        entry = entry_facts(section, name, windows=document.windows)
        yield name, entry.meaning if entry else ""


def _each_once(document: Document, names: Iterable[str]) -> Iterable[str]:
    """Return the names without those that this form of the file takes for an earlier one."""
    from confkit.core import ha  # noqa: PLC0415

    first: dict[str, str] = {}
    for name in names:
        first.setdefault(ha.folded(document, name), name)
    return first.values()


def entry_values(typed: Typed) -> Iterator[Word]:
    """Yield the values that the catalogue allows for the entry that is typed, and its default."""
    from confkit.core.catalogue import entry_facts  # noqa: PLC0415

    section, key = typed.given.get("section", ""), typed.given.get("key", "")
    facts = entry_facts(section, key, windows=typed.document.windows)
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

    yield from ((server.name.value, "") for server in ha.servers_of(typed.document) if server.name)


def labels(typed: Typed) -> Iterator[Word]:
    """Yield the labels of the HA groups in the file."""
    from confkit.core import ha  # noqa: PLC0415

    yield from ((label, "") for label in ha.labels(ha.groups_of(typed.document)))


def members(typed: Typed) -> Iterator[Word]:
    """Yield the serial numbers of the members of the group that is typed."""
    from confkit.core import ha  # noqa: PLC0415

    document, label = typed.document, typed.given.get("label", "")
    for group in ha.groups_of(document):
        if document.same_name(group.name, label):
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
