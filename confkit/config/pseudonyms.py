"""A copy of a file for a support case: everything of the site's own is replaced by pseudonyms, the layout stays.

The same value has the same pseudonym everywhere in the copy. What is not known to be harmless goes: values of unknown
entries, comments, and text that no reader reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confkit.core import ha
from confkit.core.catalogue import entry_facts
from confkit.core.catalogue.names import known_section
from confkit.core.catalogue.values import fault
from confkit.core.paths import CLIENT_DIRECTORIES, rest_below
from confkit.core.secret_names import is_secret_name
from confkit.core.syntax.document import raw, text
from confkit.core.syntax.lines import line_end

if TYPE_CHECKING:
    from confkit.core.catalogue.loader import EntryFacts
    from confkit.core.syntax import Document, Entry, Section

_FIRST_SERIAL = 1_000_000_000_000
_OPEN_TYPES = frozenset({"integer", "boolean", "enum", "port"})
_KINDS = {"host": "host", "url": "host", "path": "path"}
# what a path may show: where the vendor's installers put things
_BELOW_CLIENT = re.compile(
    r"(?:[/\\](?:lib|libs|64|32|bin|cert|client|server|data|configData|token|log))*"
    r"(?:[/\\](?:libCryptoki2(?:_64)?\.so|libcklog2\.so|cryptoki\.dll|cklog201\.dll|openssl\.cnf|CAFile\.pem|\d{3}))?/?",
    re.IGNORECASE | re.ASCII,
)
_PUBLIC_DIRECTORIES = (*(each.path for each in CLIENT_DIRECTORIES), "/opt/lunaclient")
_STRUCTURE = re.compile(rb"[ \t]*(?:[{}];?)?[ \t]*")


class _Names:
    """Pseudonyms that were given, by kind and value."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, str]] = {}

    def of(self, kind: str, value: str) -> str:
        known = self._given.setdefault(kind, {})
        return known.setdefault(value, f"{kind}-{len(known) + 1}")

    def serial(self, value: str) -> str:
        """Return a number of digits, so that the copy can be read as the file can."""
        known = self._given.setdefault("serial", {})
        return known.setdefault(value, str(_FIRST_SERIAL + len(known)))


def pseudonymous(document: Document) -> bytes:
    """Return the bytes of the copy; each line of the file is a line of it."""
    names = _Names()
    labels = {ha.folded(document, label): names.of("label", label) for label in ha.labels(ha.groups_of(document))}
    entries = {entry.line: entry for section in document.sections for entry in section.entries}
    headers = {section.line: section for section in document.sections}
    lines = []
    for number, line in enumerate(document.lines, 1):
        if number in entries:
            lines.append(_entry(document, entries[number], line, labels, names))
        elif number in headers:
            lines.append(_header(document, headers[number], line, names))
        else:
            lines.append(_other(line))
    return b"".join(lines)


def _entry(document: Document, entry: Entry, line: bytes, labels: dict[str, str], names: _Names) -> bytes:
    facts = entry_facts(entry.section, entry.name, windows=document.windows)
    key = _key(document, entry.name, facts, labels, names)
    value = _value(document, entry, facts, labels, names)
    between = line[entry.start + len(raw(entry.name)) : entry.value_start]
    indentation = line[: entry.start]
    if indentation.strip() or between.strip() != b"=":  # more stands there than an entry
        indentation, between = b"", b" = "
    end = b"" if document.windows or not entry.terminated else b";"
    return indentation + raw(key) + between + raw(value) + end + line_end(line)


def _key(document: Document, name: str, facts: EntryFacts | None, labels: dict[str, str], names: _Names) -> str:
    if facts is None:
        return names.of("entry", name)
    if "{label}" not in facts.name:
        return name
    ending = facts.name.removeprefix("{label}")
    label = name[: len(name) - len(ending)] if ending else name
    return labels.get(ha.folded(document, label), names.of("label", label)) + ending


def _value(document: Document, entry: Entry, facts: EntryFacts | None, labels: dict[str, str], names: _Names) -> str:
    value = ha.unquoted(entry.value)
    if not value:
        return entry.value
    if facts is None or facts.secret:
        return names.of("secret" if is_secret_name(entry.name) else "value", value)
    if _is_harmless(facts, value):
        return entry.value
    if facts.type in {"serial", "list"}:
        return ",".join(map(names.serial, ha.serials(entry)))
    if facts.name.endswith("Label"):
        return labels.get(ha.folded(document, value), names.of("label", value))
    return names.of(_KINDS.get(facts.type, "value"), value)


def _is_harmless(facts: EntryFacts, value: str) -> bool:
    """Return whether a value is a number or a word of the catalogue, or a path where the vendor's installers put it."""
    if facts.type == "path":
        rests = (rest_below(value, directory) for directory in _PUBLIC_DIRECTORIES)
        return any(rest is not None and _BELOW_CLIENT.fullmatch(rest) for rest in rests)
    word = value.lstrip("-").isdigit() or bool(facts.choices)
    return facts.type in _OPEN_TYPES and word and fault(facts, value) is None


def _header(document: Document, section: Section, line: bytes, names: _Names) -> bytes:
    known = known_section(section.name, windows=document.windows)
    name = raw(section.name if known else names.of("section", section.name))
    before, after = line[: section.start], line[section.end :]
    if re.fullmatch(rb"\s*\[?", before) and re.fullmatch(rb"[ \t]*(?:\]|=?[ \t]*\{?)\s*", after):
        return before + name + after
    return (b"[" + name + b"]" if document.windows else name + b" = {") + line_end(line)


def _other(line: bytes) -> bytes:
    """Return a line that is neither a header nor an entry: as it is if it is empty or a brace, else a word for it."""
    end = line_end(line)
    content = line[: len(line) - len(end)]
    if _STRUCTURE.fullmatch(content):
        return line
    comment = text(content).lstrip("\ufeff \t").startswith(("#", "//", "/*", ";"))
    return (b"# (comment)" if comment else b"(text)") + end
