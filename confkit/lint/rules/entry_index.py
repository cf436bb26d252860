"""Which entries of a file the catalogue knows, what is wrong with their values, and why it does not know the others.

All rules about entries ask the same questions of the same file, so the file is gone through once.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.catalogue import entry_facts, known_section, near_names, section_facts, section_names, sections_with
from confkit.lint.rules.entry_verdicts import Verdict, verdict
from confkit.lint.rules.ha_index import folded, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.catalogue import EntryFacts
    from confkit.syntax import Document, Entry, Section

_INDEX = "{NN}"
_LABEL = "{label}"
_FIRST = "00"
_NUMBERED = re.compile("([^0-9]*+)([0-9]{0,5}+)([^0-9]*+)")  # possessive: a hostile name is read once

# Looking for the right name compares it with a whole section's, or with all sections': a file with more wrong names
# than this is no configuration file, or one of many copies.
_MOST_LOOKUPS = 200

# On these lines it is uncertain where the value ends, and rules of other families say so.
_UNCERTAIN = frozenset({"wrong-form", "unbalanced-quote", "brace-in-value"})


class Known(NamedTuple):
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


class Unknown(NamedTuple):
    """An entry in a section of the catalogue that the catalogue does not know there."""

    entry: Entry
    cause: Cause


class UnknownSection(NamedTuple):
    """A section that the catalogue does not know."""

    section: Section
    cause: Cause


class Index(NamedTuple):
    """A file as the catalogue sees it; `taken` are places (section, name) that no fix may fill, name "": a section."""

    known: tuple[Known, ...]
    unknown: tuple[Unknown, ...]
    sections: tuple[UnknownSection, ...]
    taken: frozenset[tuple[str, str]]


# The last file that was asked for: the rules ask one after the other.
_last: list[tuple[Document, Index]] = []


def index_of(document: Document) -> Index:
    """Return the index of a file; the one of the last file is kept."""
    for last, index in _last:
        if last is document:
            return index
    index = _index(document)
    _last[:] = [(document, index)]
    return index


def is_free(document: Document, section: str, name: str = "") -> bool:
    """Tell whether a fix may make an entry `name` of `section`, or a section: neither there nor wanted by two fixes."""
    return _folded(document, (section, name)) not in index_of(document).taken


def right_spelling(facts: EntryFacts, key: str, *, windows: bool) -> str:
    """Return the name of an entry as this platform spells it, with the two digits or the label that `key` has."""
    here = "windows" if windows else "unix"
    name = facts.name if facts.platform in {None, here} or facts.other_platform is None else facts.other_platform
    if name.startswith(_LABEL):
        ending = name.removeprefix(_LABEL)
        return key[: len(key) - len(ending)] + ending
    before = name.partition(_INDEX)[0]
    return name.replace(_INDEX, key[len(before) : len(before) + 2])


def _index(document: Document) -> Index:
    lookups = _Lookups(document)
    uncertain = {problem.line for problem in document.problems if problem.code in _UNCERTAIN}
    uncertain.update(_unterminated_comments(document))
    known: list[Known] = []
    unknown: list[Unknown] = []
    sections: list[UnknownSection] = []
    for section in document.sections:
        name = known_section(section.name, windows=document.windows)
        if name is None:
            if section.name:
                sections.append(UnknownSection(section, lookups.section(section.name)))
            continue
        for entry in section.entries:
            facts, cause = lookups.entry(name, entry.name)
            if facts is None:
                unknown.append(Unknown(entry, cause))
            else:
                known.append(Known(entry, facts, None if entry.line in uncertain else verdict(facts, entry.value)))
    present = {(section.name, "") for section in document.sections}
    present.update((each.entry.section, each.entry.name) for each in known if each.facts.name != _LABEL)
    wanted = Counter(_folded(document, place) for place in _wanted(known, unknown, sections))
    twice = {place for place, count in wanted.items() if count > 1}
    taken = frozenset(twice.union(_folded(document, place) for place in present))
    return Index(tuple(known), tuple(unknown), tuple(sections), taken)


def _wanted(known: list[Known], unknown: list[Unknown], sections: list[UnknownSection]) -> Iterator[tuple[str, str]]:
    """Yield the places that the fixes of wrong names and sections would fill."""
    for section, cause in sections:
        yield cause.right or section.name, ""
    for entry, cause in unknown:
        yield from ((home, entry.name) for home in cause.sections)
        yield entry.section, cause.right or entry.name
    for entry, facts, _ in known:
        if facts.other_platform:
            yield entry.section, facts.other_platform


def _folded(document: Document, place: tuple[str, str]) -> tuple[str, str]:
    section, name = place
    return folded(document, section), folded(document, name)


def _unterminated_comments(document: Document) -> Iterator[int]:
    """Yield the lines of entries without `;` whose value may hold a comment."""
    for problem in document.problems:
        if problem.code == "missing-semicolon":
            line = document.lines[problem.line - 1]
            if b"#" in line or b"//" in line or b"/*" in line:
                yield problem.line


class _Lookups:
    """Names looked up in the catalogue: each name once, and no more than _MOST_LOOKUPS for the right one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.windows = document.windows
        self.labels = labels_of(document)
        self.left = _MOST_LOOKUPS
        self.causes: dict[tuple[str, str], Cause | None] = {}

    def section(self, name: str) -> Cause:
        """Return why the catalogue has no section `name`."""
        return self._once(("", name)) or Cause("name")

    def entry(self, section: str, name: str) -> tuple[EntryFacts | None, Cause]:
        """Return what is known of `name` in `section`; None and why where nothing is."""
        facts = entry_facts(section, name, windows=self.windows)
        if facts is not None and (facts.name != _LABEL or folded(self.document, name) in self.labels):
            return facts, Cause("name")
        cause = self._once((section, name))
        if facts is not None and (cause is None or cause.kind != "section"):
            return facts, Cause("name")
        return None, cause or Cause("name")

    def _once(self, place: tuple[str, str]) -> Cause | None:
        if place not in self.causes and self.left:
            self.left -= 1
            section, name = place
            found = _cause(section, name, windows=self.windows) if section else _cause_of_section(name)
            self.causes[place] = found
        return self.causes.get(place)


def _cause_of_section(name: str) -> Cause:
    known = known_section(name, windows=True)
    if known:
        return Cause("case", known)
    return Cause("name", next(iter(near_names(name, section_names())), None))


def _cause(section: str, key: str, *, windows: bool) -> Cause:
    facts = None if windows else entry_facts(section, key, windows=True)
    if facts is not None and facts.name != _LABEL:
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
    names = (name for name in (about.entries if about else ()) if not name.startswith(_LABEL))
    near = next(iter(near_names(key, names)), None)
    return Cause("name", near.replace(_INDEX, _FIRST) if near else None)


def _with_two_digits(section: str, key: str) -> str | None:
    """Return the numbered entry of the section that `key` is, but for its number: ServerName00 for ServerName."""
    match = _NUMBERED.fullmatch(key)
    if match is None:
        return None
    before, digits, after = match.groups()
    name = f"{before}{int(digits or 0):02}{after}"
    facts = entry_facts(section, name, windows=True)
    return name if facts is not None and _INDEX in facts.name else None
