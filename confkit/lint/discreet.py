"""A finding told without a word of its file: what its rule finds, and names that are the catalogue's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts, known_section
from confkit.core.catalogue.names import EMULATOR_SECTION, PED_SERVER_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.core.syntax import Document
    from confkit.lint.diagnostics import Diagnostic
    from confkit.lint.rule import Rule

_OTHER_SECTIONS = frozenset({EMULATOR_SECTION, *PED_SERVER_SECTIONS})
_NOT_A_NAME = "{label}"  # what the catalogue calls an entry that is named after an HA group


def summaries(rules: Iterable[Rule]) -> dict[str, str]:
    """Return the first sentence of the page of each rule, by code."""
    return {rule.code: (rule.find.__doc__ or rule.name).strip().splitlines()[0] for rule in rules}


def discreet(finding: Diagnostic, summary: str, document: Document) -> Diagnostic:
    """Return a finding that quotes nothing of its file. It says where something begins, and not how long it is."""
    section = known_section(finding.section or "", windows=document.windows)
    facts = entry_facts(section, finding.key, windows=document.windows) if section and finding.key else None
    key = facts.name if facts and facts.name != _NOT_A_NAME else None
    named = "/".join(filter(None, (section, key)))
    message = f"{named}: {summary}" if named else summary
    return finding._replace(message=message, section=section, key=key, help=None, end_column=finding.column)


def is_quotable(document: Document) -> bool:
    """Return whether a file may be quoted: the catalogue knows one of its sections, in any letter case.

    What has none is most likely the file of another program, which a link or a mistake has brought here, and may be all
    secrets.
    """
    return any(
        known_section(section.name, windows=True) or section.name in _OTHER_SECTIONS for section in document.sections
    )
