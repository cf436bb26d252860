"""What every section and every entry of the configuration file means; the facts lie in schemas/sections."""

from confkit.core.catalogue.loader import EntryFacts, SectionFacts, all_entries, section_facts
from confkit.core.catalogue.lookup import entry_facts, may_be_renamed, near_names, sections_with
from confkit.core.catalogue.names import known_section, secret_names, section_names

__all__ = [
    "EntryFacts",
    "SectionFacts",
    "all_entries",
    "entry_facts",
    "known_section",
    "may_be_renamed",
    "near_names",
    "secret_names",
    "section_facts",
    "section_names",
    "sections_with",
]
