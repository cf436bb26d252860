"""Whether an entry may be set to a value, by the catalogue. Carried into modules that run on Python 3.8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core import timeout
from confkit.core.catalogue.loader import section_facts
from confkit.core.catalogue.lookup import entry_facts, near_names
from confkit.core.catalogue.names import SECTION_NAMES, known_section
from confkit.core.catalogue.values import fault
from confkit.core.catalogue.verdicts import verdict
from confkit.core.errors import UsageError
from confkit.core.ha import is_serial, unquoted
from confkit.core.paths import is_of_other_platform
from confkit.core.placeholders import placeholder
from confkit.core.secret_names import is_secret_name

if TYPE_CHECKING:
    from typing import Iterable

    from confkit.core.catalogue.loader import EntryFacts


def warnings_about(  # noqa: PLR0913 - the entry, the file's form, and what is asked for
    section: str, key: str, value: str, *, windows: bool, force: bool, quoted: bool = True
) -> list[str]:
    """Return what is to be said about setting an entry to `value`; UsageError where it may not be set.

    `force` lets an entry pass that the catalogue does not know, and a value that is `unusable`. The bounds of
    statusTimeout hold all the same. Without `quoted`, nothing that is said holds the value or a part of it.
    """
    if timeout.is_status_timeout(section, key):
        timeout.seconds_from(value, quoted=quoted)
        if windows or (section, key) == (timeout.SECTION, timeout.KEY):
            return []
    facts = entry_facts(section, key, windows=windows)
    if facts is None:
        if not force:
            raise UsageError(f"{_unknown(section, key, windows=windows)} --force sets it all the same")
        return []
    reason = unusable(section, key, value, windows=windows, quoted=quoted)
    if reason is not None:
        if not force:
            raise UsageError(f"{reason}; --force sets it all the same")
        return [reason]
    seen = verdict(facts, value)
    if seen is not None and seen.kind == "unit":
        return [f"{section}/{key} {seen.message if quoted else 'seems to be in another unit of time'}"]
    found = fault(facts, value)
    if found is None:
        _refuse_wrong_members(facts, section, key, value, quoted=quoted)
        return []
    if found.certain or found.field == "type":  # a value of the wrong type is unusable whoever says so
        raise UsageError(f"{section}/{key} {found.message}")
    return [f"{section}/{key} {found.message}, as far as is known ({facts.evidence})"]


def _refuse_wrong_members(facts: EntryFacts, section: str, key: str, value: str, *, quoted: bool) -> None:
    """Raise UsageError where a list of the members of an HA group holds something else than serial numbers: CK305."""
    if not facts.name.endswith("Members"):
        return
    wrong = next((part for part in map(str.strip, unquoted(value).split(",")) if not is_serial(part)), None)
    if wrong is not None:
        given = f", not {wrong!a}" if quoted else ""
        raise UsageError(f"{section}/{key} must be a list of serial numbers, digits only, separated by commas{given}")


def unusable(section: str, key: str, value: str, *, windows: bool, quoted: bool = True) -> str | None:
    """Return why no client can use a value: a placeholder, a comment behind it, or a path of the other platform.

    None for any other, and for a comment where the type is wrong without it too: `fault` says that.
    Without `quoted`, the reason does not hold the placeholder.
    """
    facts = entry_facts(section, key, windows=windows)
    seen = verdict(facts, value) if facts else None
    if seen is not None and seen.kind == "placeholder":
        return f"{section}/{key} {seen.message if quoted else 'was not filled in'}. Give the real value"
    if facts is None and not is_secret_name(key) and (found := placeholder(value)) is not None:
        return f"{section}/{key} was not filled in{f': {found}' if quoted else ''}. Give the real value"
    # of a secret any characters may be a part
    if facts is not None and seen is not None and seen.kind == "comment" and not facts.secret:
        wrong_type = fault(facts, value) is not None
        return None if wrong_type else f"{section}/{key} {seen.message}. Write a comment on a line of its own"
    if facts is not None and facts.type == "path" and is_of_other_platform(value, windows=windows):
        here, there = ("Windows", "UNIX") if windows else ("UNIX", "Windows")
        return f"{section}/{key} would have a path of {there}, and the file has the {here} form. Give a path of {here}"
    return None


def _unknown(section: str, key: str, *, windows: bool) -> str:
    known = known_section(section, windows=windows)
    facts = section_facts(known) if known else None
    if facts is None:
        near, what = near_names(section, SECTION_NAMES), f"section {section} is not in the catalogue"
    else:
        near = (facts.misspelt[key],) if key in facts.misspelt else near_names(key, facts.entries)
        what = f"section {section} has no entry {key} in the catalogue"
    return f"{what}; did you mean {near[0]}?" if near else f"{what}."


def near(name: str, candidates: Iterable[str]) -> str:
    """Return the end of a sentence about a name that is not known: which of `candidates` was meant, or a full stop."""
    found = near_names(name, candidates)
    return f"; did you mean {found[0]}?" if found else "."
