"""What `confkit explain` and `confkit rules` say as text: one entry, one section, all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.catalogue.values import expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confkit.core.catalogue import EntryFacts, SectionFacts
    from confkit.lint.rule import Rule

_PLATFORMS = {None: "UNIX and Windows", "unix": "UNIX", "windows": "Windows"}
_EVIDENCE = {
    "documented": "documented by the vendor",
    "observed": "observed in public files, programs or installed clients; not documented by the vendor",
    "recalled": "recalled, without a source at hand",
}


def entry(facts: EntryFacts) -> str:
    """Return all that the catalogue knows of an entry."""
    known = [f"{name + ':':<12} {value}" for name, value in _facts(facts) if value]
    remarks = [f"{facts.note}."] if facts.note else []
    sources = [f"  {source}" for source in facts.source]
    parts = [[f"{facts.section}/{facts.name}"], [f"{facts.meaning}."], known, remarks, ["Sources:", *sources]]
    return _paragraphs(parts)


def section(facts: SectionFacts) -> str:
    """Return what a section is for, and its entries."""
    width = max(map(len, facts.entries), default=0)
    entries = [f"  {each.name:<{width}}  {each.meaning}" for each in facts.entries.values()]
    advice = f'confkit explain "{facts.name}" ENTRY tells more of one of them.'
    return _paragraphs([[facts.name], [f"{facts.meaning}."], ["Entries:", *entries], [advice]])


def entry_page(facts: EntryFacts) -> str:
    """Return what `entry` returns, as Markdown."""
    known = "\n".join(f"- {name}: {_code(name, value)}" for name, value in _facts(facts) if value)
    remarks = [f"{facts.note}."] if facts.note else []
    sources = "\n".join(f"- {source}" for source in facts.source)
    title = f"**{facts.section} / {facts.name}**"
    return "\n\n".join([title, f"{facts.meaning}.", known, *remarks, f"Sources:\n\n{sources}"])


def section_page(facts: SectionFacts) -> str:
    """Return what a section is for, and the names of its entries, as Markdown."""
    names = ", ".join(f"`{name}`" for name in facts.entries)
    remarks = [f"Deprecated: {facts.deprecated}."] if facts.deprecated else []
    return "\n\n".join([f"**{facts.name}**", f"{facts.meaning}.", *remarks, f"Entries: {names}"])


def _code(name: str, value: str) -> str:
    return f"`{value}`" if name == "Default" else value


def rules(listed: Iterable[Rule]) -> str:
    """Return one line for each rule: code, severity, name, and what it finds."""
    rows = [(rule.code, rule.severity, rule.name, summary(rule)) for rule in listed]
    width = max((len(name) for _, _, name, _ in rows), default=0)
    return "".join(f"{code}  {severity:<7}  {name:<{width}}  {what}\n" for code, severity, name, what in rows)


def summary(rule: Rule) -> str:
    """Return the first sentence of a rule's page, without the full stop."""
    return (rule.find.__doc__ or rule.name).strip().partition("\n")[0].rstrip(".")


def _facts(facts: EntryFacts) -> Iterator[tuple[str, str | None]]:
    yield "Type", facts.type
    yield "Unit", facts.unit
    yield "Value", expected(facts) + (", or empty" if facts.may_be_empty else "")
    yield "Default", facts.default
    yield "Platform", _PLATFORMS[facts.platform]
    yield "Elsewhere", facts.other_platform and f"{facts.other_platform} on the other platform"
    yield "Since", facts.since and f"client {facts.since}"
    yield "Until", facts.until and f"client {facts.until}, which no longer has it"
    yield "Secret", "yes: confkit never shows its value" if facts.secret else None
    yield "Deprecated", facts.deprecated
    undocumented = f" (but for {', '.join(facts.undocumented)})" if facts.undocumented else ""
    yield "Evidence", f"{_EVIDENCE[facts.evidence]}{undocumented}"


def _paragraphs(parts: Iterable[list[str]]) -> str:
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"
