"""CK2, entries: what the client of a given version does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import known_section, section_facts
from confkit.core.catalogue.versions import parse_version
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.catalogue import EntryFacts
    from confkit.core.severity import Severity
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding


def unsupported_by_client(context: LintContext) -> Iterator[Finding]:
    """The client of the given version does not have this section or entry.

    ## Why

    A client ignores an entry that it does not know: statusTimeout is without effect before client 10.7.0, and HtlDir
    from 7.2.0 on. The rule needs to know the client: `--client-version 10.4`, or `client-version = "10.4"` in the
    settings. Without it, it finds nothing.

    ## Bad

    ```conf client-version=10.4
    HAConfiguration = {
      statusTimeout = 10;
    }
    ```

    ## Good

    ```conf client-version=10.7.1
    HAConfiguration = {
      statusTimeout = 10;
    }
    ```

    ## Source

    The versions of all entries, and the evidence for them, are in docs/entries.md.
    """
    version = context.client_version
    if version is None:
        return
    gone = set()
    for section in context.document.sections:
        about = section_facts(known_section(section.name, windows=context.document.windows) or "")
        if about and about.until and parse_version(version) >= parse_version(about.until):
            gone.add(about.name)
            message = f"client {version} does not have section {section.name}, which is gone since {about.until}"
            yield at_section(section, message, "info")
    for entry, facts, _ in context.index.known:
        fault = None if facts.section in gone else _fault(facts, version)
        if fault:
            yield at_name(entry, f"client {version} does not have {entry.name}, which {fault}", _severity(facts))


def _fault(facts: EntryFacts, version: str) -> str | None:
    if facts.since and parse_version(version) < parse_version(facts.since):
        return f"came with {facts.since}"
    if facts.until and parse_version(version) >= parse_version(facts.until):
        return f"is gone since {facts.until}"
    return None


def _severity(facts: EntryFacts) -> Severity:
    return "warning" if facts.evidence == "documented" else "info"


RULES = (Rule("CK214", "unsupported-by-client", "warning", unsupported_by_client, ("info",)),)
