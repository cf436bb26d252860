"""Which entries of a file the catalogue knows, what is wrong with their values, and why it does not know the others."""

# No `from __future__ import annotations`: NamedTuple would compile each annotation by itself, 0.1 ms for three of them.

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from confkit.core.catalogue import (
    EntryFacts,
    entry_facts,
    known_section,
    may_be_renamed,
    near_names,
    section_facts,
    section_names,
    sections_with,
)
from confkit.core.catalogue.names import EMULATOR_SECTION
from confkit.core.catalogue.verdicts import Verdict, verdict
from confkit.core.ha import folded
from confkit.core.secret_names import is_secret_name
from confkit.core.syntax import Document, Entry, Section

_INDEX = "{NN}"
LABEL = "{label}"
_FIRST = "00"
_NUMBERED = "([^0-9]*+)([0-9]{0,5}+)([^0-9]*+)"  # possessive: a hostile name is read once

# Looking for the right name compares it with a whole section's, or with all sections': a file with more wrong names
# than this is not a configuration file, or one of many copies.
_MOST_LOOKUPS = 200

# Files of one fleet are much alike: an entry and its value are judged once for all of them. A real entry is short, and
# a hostile one is not kept in memory.
_MOST_KEPT = 4096
_LONGEST_KEPT = 200  # characters

# On these lines it is uncertain where the value ends, and rules of other families say so.
_UNCERTAIN = frozenset({"wrong-form", "unbalanced-quote", "brace-in-value"})


class KnownEntry(NamedTuple):
    """An entry that the catalogue knows in its section, and what is wrong with its value."""

    entry: Entry
    facts: EntryFacts
    verdict: Verdict | None


class Cause(NamedTuple):
    """Why the catalogue does not know a name: letter case, a wrong section, or the name itself.

    `right` is the name that was probably meant; `sections` are those that have an entry of this name.
    """

    kind: Literal["case", "section", "name"]
    right: str | None = None
    sections: tuple[str, ...] = ()


_NOT_LOOKED_UP = Cause("name")


class Unknown(NamedTuple):
    """An entry in a section of the catalogue that the catalogue does not know there."""

    entry: Entry
    cause: Cause


class UnknownSection(NamedTuple):
    """A section that the catalogue does not know."""

    section: Section
    cause: Cause


class Index(NamedTuple):
    """A file as the catalogue sees it, all in file order."""

    known: tuple[KnownEntry, ...]
    unknown: tuple[Unknown, ...]
    sections: tuple[UnknownSection, ...]
    faulty: tuple[KnownEntry, ...]
    """The known entries with a verdict"""
    paths: tuple[Entry, ...]
    """The known entries that hold a path, and no secret"""
    by_name: dict[str, list[KnownEntry]]
    """The known entries under their names as the catalogue has them"""


def index_of(document: Document, labels: frozenset[str]) -> Index:
    """Return the index of a file whose HA groups have these labels."""
    lookups = _Lookups(document, labels)
    known: list[KnownEntry] = []
    unknown: list[Unknown] = []
    sections: list[UnknownSection] = []
    for section in document.sections:
        name = known_section(section.name, windows=document.windows)
        if name is not None:
            _sort(name, section.entries, lookups, known, unknown)
        elif section.name and section.name != EMULATOR_SECTION:
            sections.append(UnknownSection(section, lookups.section(section.name)))
    by_name: dict[str, list[KnownEntry]] = {}
    for each in known:
        by_name.setdefault(each.facts.name, []).append(each)
    faulty = tuple(each for each in known if each.verdict is not None)
    paths = (each.entry for each in known if each.facts.type == "path" and each.entry.value)
    shown = tuple(entry for entry in paths if not is_secret_name(entry.name))
    return Index(tuple(known), tuple(unknown), tuple(sections), faulty, shown, by_name)


def _sort(
    section: str, entries: Iterable[Entry], lookups: "_Lookups", known: list[KnownEntry], unknown: list[Unknown]
) -> None:
    """Put the entries of a section of the catalogue where they belong."""
    for entry in entries:
        name, value = entry.name, entry.value
        judge = _judged_once if len(name) + len(value) <= _LONGEST_KEPT else _judged
        facts, found = judge(section, name, value, lookups.windows)
        cause = None
        if facts is None or facts.name == LABEL:
            cause = lookups.why_unknown(section, name, facts)
        if facts is None or cause is not None:
            unknown.append(Unknown(entry, cause or _NOT_LOOKED_UP))
        else:
            hidden = found is not None and found.kind != "placeholder" and entry.line in lookups.uncertain
            known.append(KnownEntry(entry, facts, None if hidden else found))


def right_spelling(facts: EntryFacts, key: str, *, windows: bool) -> str:
    """Return the name of an entry as this platform spells it, with the two digits or the label that `key` has."""
    here = "windows" if windows else "unix"
    name = facts.name if facts.platform in {None, here} or facts.other_platform is None else facts.other_platform
    if name.startswith(LABEL):
        ending = name.removeprefix(LABEL)
        return key[: len(key) - len(ending)] + ending
    before = name.partition(_INDEX)[0]
    return name.replace(_INDEX, key[len(before) : len(before) + 2])


def _unterminated_comments(document: Document) -> Iterator[int]:
    """Yield the lines of entries without `;` whose value may hold a comment."""
    for problem in document.problems:
        if problem.code == "missing-semicolon":
            line = document.lines[problem.line - 1]
            if b"#" in line or b"//" in line or b"/*" in line:
                yield problem.line


def _judged(section: str, name: str, value: str, windows: bool) -> tuple[EntryFacts | None, Verdict | None]:  # noqa: FBT001 - lru_cache tells positions from names
    """Return what is known of an entry, and what is wrong with its value."""
    facts = entry_facts(section, name, windows=windows)
    return facts, None if facts is None else verdict(facts, value)


_judged_once = lru_cache(_MOST_KEPT)(_judged)


class _Lookups:
    """Names looked up in the catalogue: for the right one of a wrong name no more than _MOST_LOOKUPS, each once."""

    def __init__(self, document: Document, labels: frozenset[str]) -> None:
        self.document = document
        self.windows = document.windows
        self.labels = labels
        self.uncertain = {problem.line for problem in document.problems if problem.code in _UNCERTAIN}
        self.uncertain.update(_unterminated_comments(document))
        self.left = _MOST_LOOKUPS
        self.causes: dict[tuple[str, str], Cause] = {}

    def section(self, name: str) -> Cause:
        """Return why the catalogue has no section `name`."""
        return self._once("", name) or _NOT_LOOKED_UP

    def why_unknown(self, section: str, name: str, facts: EntryFacts | None) -> Cause | None:
        """Return why an entry is not known in a section that does not have its name, or takes it for a label.

        HASynchronize and HARecovery take any name: None, unless another section has the name and no group this label.
        """
        if facts is not None and folded(self.document, name) in self.labels:
            return None
        cause = self._once(section, name)
        if facts is not None and (cause is None or cause.kind != "section"):
            return None
        return cause or _NOT_LOOKED_UP

    def _once(self, section: str, name: str) -> Cause | None:
        place = section, name
        if place not in self.causes and self.left:
            self.left -= 1
            self.causes[place] = _cause(section, name, windows=self.windows) if section else _cause_of_section(name)
        return self.causes.get(place)


def _cause_of_section(name: str) -> Cause:
    known = known_section(name, windows=True)
    if known:
        return Cause("case", known)
    return Cause("name", _nearest(name, section_names()))


def _cause(section: str, key: str, *, windows: bool) -> Cause:
    facts = None if windows else entry_facts(section, key, windows=True)
    if facts is not None and facts.name != LABEL:
        return Cause("case", right_spelling(facts, key, windows=windows))
    about = section_facts(section)
    misspelt = {name.lower(): right for name, right in about.misspelt.items()} if about else {}
    if key.lower() in misspelt:
        return Cause("name", misspelt[key.lower()])
    numbered = _with_two_digits(section, key)
    if numbered:
        return Cause("name", numbered)
    found = sections_with(key, windows=windows) or sections_with(key, windows=True)
    if found:
        return Cause("section", None, found)
    names = (name for name in (about.entries if about else ()) if not name.startswith(LABEL))
    near = _nearest(key, names)
    return Cause("name", near.replace(_INDEX, _FIRST) if near else None)


def _nearest(key: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that was probably meant; None where several are as near."""
    near = near_names(key, candidates)
    if len([name for name in near if may_be_renamed(key, name)]) > 1:
        return None
    return near[0] if near else None


def _with_two_digits(section: str, key: str) -> str | None:
    """Return the numbered entry of the section that `key` is, but for its number: ServerName00 for ServerName."""
    match = re.fullmatch(_NUMBERED, key)
    if match is None:
        return None
    before, digits, after = match.groups()
    name = f"{before}{int(digits or 0):02}{after}"
    facts = entry_facts(section, name, windows=True)
    return name if facts is not None and _INDEX in facts.name else None
