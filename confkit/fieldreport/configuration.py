"""The configuration file without what is the site's own: names of entries that everybody knows, and plain numbers."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from confkit.core import timeout
from confkit.core.catalogue import entry_facts
from confkit.core.catalogue.names import known_section
from confkit.core.secret_names import is_secret_name
from confkit.core.storage.locate import DEFAULT_FILE, NAMES
from confkit.fieldreport.models import ReportedConfiguration, ReportedEntry, ReportedSection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.core.catalogue.loader import EntryFacts
    from confkit.core.syntax import Document, Entry
    from confkit.fieldreport.pseudonyms import Pseudonyms
    from confkit.fieldreport.site import Site

_NUMBER = re.compile("-?[0-9]{1,10}")
_SEPARATORS = re.compile(r"[,\s]+")
_OPEN_TYPES = frozenset({"integer", "boolean", "enum", "port"})
_KINDS = {"path": "path", "host": "host", "url": "host", "serial": "serial"}


def configuration_view(
    found: Site, sections: tuple[ReportedSection, ...], opened: Mapping[str, bool | None], names: Pseudonyms
) -> ReportedConfiguration:
    """Return what the report says of the file; `opened` is for its path and for that in /etc."""
    seconds, line = timeout.configured(found.document)
    name = os.path.basename(found.path)
    return ReportedConfiguration(
        found_by=found.found_by,
        name=name if name.lower() in NAMES else names.of("path", name),
        form="windows" if found.document.windows else "unix",
        status_timeout_seconds=seconds,
        status_timeout_source="default" if line is None else "file",
        opened=opened[found.path],
        etc_opened=opened[DEFAULT_FILE],
        sections=sections,
    )


def section_views(document: Document, names: Pseudonyms) -> tuple[ReportedSection, ...]:
    """Return every section and entry of the file as the report may show them; `names` learns all that is hidden."""
    found = []
    for section in document.sections:
        known = known_section(section.name, windows=document.windows)
        entries = tuple(_entry(entry, known, names, windows=document.windows) for entry in section.entries)
        found.append(ReportedSection(name=known or names.of("section", section.name), entries=entries))
    return tuple(found)


def _entry(entry: Entry, section: str | None, names: Pseudonyms, *, windows: bool) -> ReportedEntry:
    facts = entry_facts(section, entry.name, windows=windows) if section else None
    if is_secret_name(entry.name):
        return ReportedEntry(name=facts.name if facts else "a secret", value=names.of("secret", entry.value))
    if facts is None:
        return ReportedEntry(name=names.of("entry", entry.name), value=names.of("value", entry.value))
    # a family under its common name: what a user chose himself, such as a label, is not in it
    return ReportedEntry(name=facts.name, value=_value(entry.value, facts, names))


def _value(value: str, facts: EntryFacts, names: Pseudonyms) -> str:
    if facts.type in _OPEN_TYPES and (_NUMBER.fullmatch(value) or value in facts.choices):
        return value
    if facts.type == "list":
        return ", ".join(names.of("serial", part) for part in _SEPARATORS.split(value) if part)
    return names.of("label" if facts.name.endswith("Label") else _KINDS.get(facts.type, "value"), value)
