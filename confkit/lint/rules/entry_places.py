"""CK2, entries: known names in places where they are not read, or not read any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue import entry_facts, known_section, section_facts
from confkit.core.catalogue.verdicts import severity_of
from confkit.core.severity import SEVERITIES
from confkit.lint.context.entry_index import right_spelling
from confkit.lint.rule import Rule
from confkit.lint.rules.entry_findings import at_name, at_section, move, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.core.severity import Severity
    from confkit.lint.context.entry_index import Unknown
    from confkit.lint.context.lint_context import LintContext
    from confkit.lint.diagnostics import Finding, Fix

# A fix that moves an entry costs a pass over the file, and of several into one section one is made at a time: a file
# with more entries out of place than this is for a person to sort.
_MOST_MOVES = 10


# In lower case; a test holds them against the catalogue.
_OLD_SECTIONS = frozenset({"harecovery", "nbs", "pta", "viperclient"})


def wrong_section(context: LintContext) -> Iterator[Finding]:
    """The entry belongs in another section.

    ## Why

    A program that looks for an entry looks in its section alone. HAOnly in LunaSA Client was shipped by a buildpack,
    HAOnly in HASynchronize and ServerCAFile in Secure Trusted Channel stand in public files: without effect, and no
    program says so.

    ## Bad

    ```conf base=certificates
    LunaSA Client = {
      HAOnly = 1;
    }
    ```

    ## Good

    ```conf base=certificates
    HAConfiguration = {
      HAOnly = 1;
    }
    ```

    ## Source

    https://www.thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/setup/haonly.htm for HAOnly; the
    list in docs/entries.md for the others; cloudfoundry/java-buildpack, commit ad5e668e.
    """
    misplaced = [unknown for unknown in context.index.unknown if unknown.cause.kind == "section"]
    for unknown in misplaced:
        fix = _move(context, unknown) if len(misplaced) <= _MOST_MOVES else None
        entry, homes = unknown.entry, " or ".join(unknown.cause.sections)
        message = f"{shown(entry.name)} belongs in section {homes}, not in {entry.section}"
        yield at_name(entry, message, _severity(unknown), fix)


def other_platform_entry(context: LintContext) -> Iterator[Finding]:
    """The entry is for the other platform: it has no effect here.

    ## Why

    LibNT names the library for Windows, LibUNIX the one for UNIX. A file may hold both, so this does no harm; but
    where the entry for this platform is missing, the client finds no library.

    ## Bad

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
      LibNT = cryptoki.dll;
    }
    ```

    ## Good

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, gem-samples/sautil/sautil.c (MIT).
    """
    here, there = ("windows", "UNIX") if context.document.windows else ("unix", "Windows")
    for entry, facts, _ in context.index.known:
        if facts.platform not in {None, here} and facts.other_platform is None:
            yield at_name(entry, f"{entry.name} is for {there}: it has no effect in this form of the file")


def deprecated(context: LintContext) -> Iterator[Finding]:
    """The vendor marks this section or entry as deprecated.

    ## Why

    Later clients ignore it or may do so. HARecovery, for example, switched the recovery of HA members on in older
    clients; now reconnAtt in section HAConfiguration does, and a file with the old switch alone may have no recovery.

    ## Bad

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
      DisablePublicCrypto = 1;
    }
    ```

    ## Good

    ```conf
    GemEngine = {
      LibPath64 = /usr/lib/libCryptoki2_64.so;
    }
    ```

    ## Source

    https://thalesdocs.com/gphsm/luna/7/docs/network/Content/admin_partition/ha/logging.htm for HARecovery;
    ThalesGroup/luna-openssl-provider, docs/README-GEM-CONFIG (MIT) for the entries of GemEngine.
    """
    for section in context.document.sections:
        if section.name.lower() in _OLD_SECTIONS:
            facts = section_facts(known_section(section.name, windows=context.document.windows) or "")
            if facts and facts.deprecated:
                yield at_section(section, f"section {section.name} is deprecated")._replace(help=facts.deprecated)
    for entry, known, _ in context.index.known:
        if known.deprecated:
            yield at_name(entry, f"{entry.name} is deprecated")._replace(help=known.deprecated)


def empty_section(context: LintContext) -> Iterator[Finding]:
    """A section has no entry, and the client needs one.

    ## Why

    Chrystoki2 names the library of the client: without an entry in it, nothing works. In REST, VirtualToken and
    GemEngine nothing is configured without an entry.

    ## Bad

    ```conf
    Chrystoki2 = {
    }
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Good

    ```conf
    Chrystoki2 = {
      LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
    }
    CardReader = {
      RemoteCommand = 1;
    }
    ```

    ## Source

    ThalesGroup/luna-openssl-provider, gem-samples/sautil/sautil.c (MIT), for Chrystoki2; what the entries mean for the
    others.
    """
    for name in ("Chrystoki2", "REST", "VirtualToken", "GemEngine"):
        found = context.sections(name)
        if not found or any(section.entries for section in found):
            continue
        doubtful = {problem.section for problem in context.document.problems}
        if doubtful.isdisjoint(each.name for each in found):
            severity: Severity = "error" if name == "Chrystoki2" else "warning"
            yield at_section(found[0], f"section {found[0].name} has no entry: nothing is configured here", severity)


def _severity(unknown: Unknown) -> Severity:
    """Return what the surest of the sections allows that the entry belongs in."""
    name = unknown.entry.name
    found = (entry_facts(section, name, windows=True) for section in unknown.cause.sections)
    severities = {severity_of(facts, "section") for facts in found if facts}
    return next(severity for severity in SEVERITIES if severity in severities)


def _move(context: LintContext, unknown: Unknown) -> Fix | None:
    """Return the fix that moves the entry, where its section is certain and has none of this name."""
    section = unknown.cause.sections[0]
    facts = entry_facts(section, unknown.entry.name, windows=True)
    if facts is None or len(unknown.cause.sections) > 1:
        return None
    name = right_spelling(facts, unknown.entry.name, windows=context.document.windows)
    return move(context.document, unknown.entry, section, name) if context.is_free(section, name) else None


RULES = (
    Rule("CK205", "wrong-section", "error", wrong_section, ("warning", "info")),
    Rule("CK206", "other-platform-entry", "info", other_platform_entry),
    Rule("CK217", "empty-section", "error", empty_section, ("warning",)),
    Rule("CK207", "deprecated", "warning", deprecated),
)
