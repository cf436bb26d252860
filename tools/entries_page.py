"""The reference page of all entries, docs/entries.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue.loader import EntryFacts, SectionFacts, read_section
from confkit.core.catalogue.names import SECTION_NAMES
from confkit.core.catalogue.values import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLATFORMS = {None: "both", "unix": "UNIX", "windows": "Windows"}
_OTHER = {"unix": "Windows", "windows": "UNIX"}
HEADER = ("Entry", "Type", "Default", "Allowed", "Platform", "Since", "Meaning", "Evidence")
INTRODUCTION = """\
<!-- Made by `python -m tools.generate` from schemas/sections; change it there. -->

# Entries of the configuration file

Every section and entry of `Chrystoki.conf` and `crystoki.ini` that confkit knows. `confkit explain SECTION KEY` shows
the same for one entry.

- `{NN}` in a name stands for two digits, from 00 upward; `{label}` stands for the label of an HA group.
- **Since** is the first version of the Luna HSM client that has the entry, where it is known; *until* comes before the
  first version that no longer has it.
- **Evidence** says where the name and the meaning come from: *documented* is a text of the vendor, *observed* is a
  public file, a program that writes one, or an installed client, *recalled* is memory alone. The numbers are the
  sources below each table. Fields of a documented entry that no text of the vendor gives are named. A rule of the
  linter makes an error only of what is documented.
"""


def page() -> str:
    """Return the page as Markdown. FileError when the catalogue is not installed."""
    sections = (_section(read_section(name)) for name in SECTION_NAMES)
    return "\n".join([INTRODUCTION, *sections])


def _section(section: SectionFacts) -> str:
    sources = list(dict.fromkeys(source for entry in section.entries.values() for source in entry.source))
    rows = [_row(cells(entry, sources)) for entry in section.entries.values()]
    lines = [f"## {section.name}", "", f"{section.meaning}.", "", *deprecation(section)]
    lines += [_row(HEADER), _row(["---"] * len(HEADER)), *rows, "", *misspellings(section)]
    lines += ["Sources:", "", *(f"{number}. {source(text)}" for number, text in enumerate(sources, 1)), ""]
    return "\n".join(lines)


def deprecation(section: SectionFacts) -> list[str]:
    """Return the lines that say that a section is deprecated, none where it is not."""
    if not section.deprecated:
        return []
    until = f" Gone in client {section.until}." if section.until else ""
    return [f"Deprecated: {section.deprecated}.{until}", ""]


def misspellings(section: SectionFacts) -> list[str]:
    """Return the lines that name what public files misspell, none without."""
    if not section.misspelt:
        return []
    wrong = ", ".join(f"`{name}` (right: `{right}`)" for name, right in section.misspelt.items())
    return [f"Misspelt in public files: {wrong}.", ""]


def cells(entry: EntryFacts, sources: Sequence[str]) -> Iterator[str]:
    """Yield what is known of an entry, one text for each column of `HEADER`; evidence cites `sources` by number."""
    yield f"`{entry.name}`"
    yield f"{entry.type}, {entry.unit}" if entry.unit else entry.type
    yield f"`{entry.default}`" if entry.default is not None else ""
    yield _allowed(entry)
    yield _PLATFORMS[entry.platform]
    yield f"{entry.since or ''} until {entry.until}".strip() if entry.until else entry.since or ""
    yield " ".join(_sentences(entry))
    numbers = ", ".join(str(number) for number in sorted(sources.index(source) + 1 for source in entry.source))
    undocumented = f"; not from the vendor: {', '.join(entry.undocumented)}" if entry.undocumented else ""
    yield f"{entry.evidence} [{numbers}]{undocumented}"


def _allowed(entry: EntryFacts) -> str:
    if entry.choices:
        return ", ".join(f"`{choice}`" for choice in entry.choices)
    if entry.type == "boolean":
        return "`0`, `1`"
    return limits(entry)


def _sentences(entry: EntryFacts) -> Iterator[str]:
    yield f"{entry.meaning}."
    if entry.other_platform and entry.platform:
        yield f"`{entry.other_platform}` on {_OTHER[entry.platform]}."
    if entry.secret:
        yield "Secret: confkit never shows its value."
    if entry.deprecated:
        yield f"Deprecated: {entry.deprecated}."
    if entry.note:
        yield f"{entry.note}."


def _row(cells: Sequence[str] | Iterator[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def source(text: str) -> str:
    """Return a source as Markdown, an address as a link."""
    address, _, remark = text.partition(" ")
    return f"<{address}> {remark}".rstrip() if address.startswith("https://") else text
