"""CK2, entries: sections and entries whose names the catalogue does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts, may_be_renamed, section_facts, sections_with
from confkit.core.catalogue.names import PED_SERVER_SECTIONS
from confkit.core.catalogue.verdicts import severity_of
from confkit.core.severity import SEVERITIES
from confkit.lint.context.entry_index import right_spelling
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_section, rename, rename_section, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.severity import Severity
    from confkit.core.syntax import Entry, Section
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding

# So many unknown sections, and entries in each, are looked up in all sections, to say where they belong.
_MOST_SECTIONS = 20
_MOST_ENTRIES = 20


def unknown_section(context: LintContext) -> Iterator[Finding]:
    """The client is not known to have a section of this name.

    ## Why

    Entries in an unknown section have no effect, and no program says so. LunaSAClient without the space,
    HaGroup, CardProc and HSMClient stand in public files. Programs of other makers may keep sections of their own in
    this file: ignore the rule for those.

    ## Bad

    ```conf
    CardRaeder = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    Sections that the vendor's pages and public files have: the list in docs/entries.md.
    """
    unknown = (each for each in context.index.sections if each.cause.kind == "name")
    for number, (section, cause) in enumerate(unknown):
        homes = _homes(context, section) if number < _MOST_SECTIONS else {}
        # a near name is no help where its entries are known, and belong elsewhere
        right = cause.right if not homes or cause.right in homes.values() else None
        near = f": did you mean {right}?" if right else ""
        sure = right is not None and may_be_renamed(section.name, right) and context.is_free(right)
        fix = rename_section(section, right) if right and sure else None
        owners = sections_with(section.name, windows=context.document.windows) if number < _MOST_SECTIONS else ()
        message = f"unknown section {shown(section.name)}{near}"
        if owners:
            message = f"{shown(section.name)} is not a section: it is an entry of {' or '.join(owners)}"
        elif section.name in PED_SERVER_SECTIONS:
            message = f"section {section.name} belongs in pedServer.conf, the file of the PED server"
        found = at_section(section, message, fix=None if owners else fix)
        belong = "; ".join(
            f"{shown(entry)} belongs in section {home}" for entry, home in homes.items() if home != right
        )
        yield found._replace(help=belong or None)


def unknown_entry(context: LintContext) -> Iterator[Finding]:
    """The section is not known to have an entry of this name.

    ## Why

    A misspelt entry has no effect, and no program says so: the client uses its default. Public files have
    AutoReconnectedInterval, HAAutoRecover, ServerTimeout and numbers where none belong (ServerCAFile00).

    ## Bad

    ```conf
    Luna = {
      DefaultTimeuot = 500000;
    }
    ```

    ## Good

    ```conf
    Luna = {
      DefaultTimeOut = 500000;
    }
    ```

    ## Source

    Entries that the vendor's pages and public files have: the list in docs/entries.md.
    """
    for entry, cause in context.index.unknown:
        if cause.kind == "name":
            near = f": did you mean {cause.right}?" if cause.right else ""
            sure = cause.right is not None and may_be_renamed(entry.name, cause.right)
            fix = rename(entry, cause.right) if cause.right and sure and _is_free(context, entry, cause.right) else None
            yield at_name(entry, f"unknown entry {shown(entry.name)} in {entry.section}{near}", fix=fix)


def wrong_case(context: LintContext) -> Iterator[Finding]:
    """The name has the wrong letter case; names are case-sensitive in the UNIX form.

    ## Why

    The vendor's readme says that names are case-sensitive on UNIX. A buildpack shipped `ReconnAtt` for
    `reconnAtt` for a year: recovery of HA members was off all that time.

    ## Bad

    ```conf
    HAConfiguration = {
      ReconnAtt = -1;
    }
    ```

    ## Good

    ```conf
    HAConfiguration = {
      reconnAtt = -1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT); cloudfoundry/java-buildpack, commit 3db96e8b.
    """
    index = context.index
    if context.document.windows:
        return
    for section, cause in index.sections:
        if cause.kind == "case" and cause.right:
            fix = rename_section(section, cause.right) if context.is_free(cause.right) else None
            message = f"section {section.name} is written {cause.right}: names are case-sensitive"
            yield at_section(section, message, _severity_of_section(cause.right), fix)
    for unknown in index.unknown:
        if unknown.cause.kind == "case" and unknown.cause.right:
            yield _wrong_case(context, unknown.entry, unknown.cause.right)


def other_platform_spelling(context: LintContext) -> Iterator[Finding]:
    """The entry has the spelling of the other platform.

    ## Why

    The UNIX form has CommandTimeOutPedSet, the Windows form CommandTimeoutPedSet. Names are case-sensitive on UNIX, so
    the Windows spelling is another name there; on Windows both are the same.

    ## Bad

    ```conf
    Luna = {
      CommandTimeoutPedSet = 720000;
    }
    ```

    ## Good

    ```conf
    Luna = {
      CommandTimeOutPedSet = 720000;
    }
    ```

    ## Source

    Templates of the UNIX form (openstack-k8s-operators/barbican-operator); cloudfoundry/hwc-buildpack for Windows.
    """
    for entry, facts, _ in () if context.document.windows else context.index.known:
        if facts.platform == "windows" and facts.other_platform:
            right = right_spelling(facts, entry.name, windows=False)
            fix = rename(entry, right) if context.is_free(entry.section, right) else None
            message = f"{entry.name} is the spelling for Windows: in this form it is {right}"
            yield at_name(entry, message, severity_of(facts, "name"), fix)


def _wrong_case(context: LintContext, entry: Entry, right: str) -> Finding:
    fix = rename(entry, right) if context.is_free(entry.section, right) else None
    facts = entry_facts(entry.section, right)
    message = f"{shown(entry.name)} is written {shown(right)}: names are case-sensitive"
    return at_name(entry, message, severity_of(facts, "name") if facts else "info", fix)


def _is_free(context: LintContext, entry: Entry, name: str) -> bool:
    return context.is_free(entry.section, name)


def _severity_of_section(name: str) -> Severity:
    about = section_facts(name)
    found = {severity_of(facts, "section") for facts in (about.entries.values() if about else ())}
    return next(severity for severity in SEVERITIES if severity in found)


def _homes(context: LintContext, section: Section) -> dict[str, str]:
    """Return the sections where the entries of an unknown section belong, where there is one for each."""
    found = {
        entry.name: sections_with(entry.name, windows=context.document.windows)
        for entry in section.entries[:_MOST_ENTRIES]
    }
    return {name: sections[0] for name, sections in found.items() if len(sections) == 1}


RULES = (
    Rule("CK201", "unknown-section", "warning", unknown_section),
    Rule("CK202", "unknown-entry", "warning", unknown_entry),
    Rule("CK203", "wrong-case", "error", wrong_case, ("warning", "info")),
    Rule("CK204", "other-platform-spelling", "warning", other_platform_spelling, ("info",)),
)
