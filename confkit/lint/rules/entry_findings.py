"""Findings at the name or the value of an entry, at the name of a section; and the fixes that several rules offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.core.redact import BY_CONTENT, MASK
from confkit.core.secret_names import is_secret_name
from confkit.core.syntax import Edit, EditRefusedError, NotAllowedError, set_value, unset_value
from confkit.core.syntax.document import raw
from confkit.lint.diagnostics import Finding, Fix

if TYPE_CHECKING:
    from confkit.core.severity import Severity
    from confkit.core.syntax import Document, Entry, Section

_LONGEST_SHOWN = 60


def at_name(entry: Entry, message: str, severity: Severity | None = None, fix: Fix | None = None) -> Finding:
    """Return a finding at the bytes of the entry's name."""
    end = entry.start + len(raw(entry.name))
    return Finding(message, entry.line, entry.start, end, entry.section, entry.name, fix=fix, severity=severity)


def at_value(entry: Entry, message: str, severity: Severity | None = None, fix: Fix | None = None) -> Finding:
    """Return a finding at the bytes of the entry's value; at its name where there are none to point at."""
    if not entry.value:
        return at_name(entry, message, severity, fix)
    start, end = entry.value_start, entry.value_end
    return Finding(message, entry.line, start, end, entry.section, entry.name, fix=fix, severity=severity)


def at_section(section: Section, message: str, severity: Severity | None = None, fix: Fix | None = None) -> Finding:
    """Return a finding at the bytes of the section's name."""
    return Finding(message, section.line, section.start, section.end, section.name, fix=fix, severity=severity)


def shown(name: str) -> str:
    """Return a name or part of a value for a message, cut where a hostile file has made it long."""
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."


def shown_value(entry: Entry) -> str:
    """Return the entry's value for a message, redacted before it is cut."""
    value = BY_CONTENT.hide_value(entry.name, entry.value)
    return MASK if value is None else shown(value)


def rename(entry: Entry, name: str) -> Fix:
    """Return the fix that renames an entry: never safe, for it may switch the setting on."""
    edit = Edit(entry.line, entry.start, entry.start + len(raw(entry.name)), raw(name))
    return Fix(f"Rename it to {shown(name)}", safe=False, edits=(edit,))


def rename_section(section: Section, name: str) -> Fix:
    """Return the fix that renames a section: never safe, for it may switch all its entries on."""
    edit = Edit(section.line, section.start, section.end, raw(name))
    return Fix(f"Rename the section to {name}", safe=False, edits=(edit,))


def replace_value(entry: Entry, value: str) -> Fix:
    """Return the fix that writes another value: never safe."""
    edit = Edit(entry.line, entry.value_start, entry.value_end, raw(value))
    return Fix(f"Set {shown(entry.name)} to {shown(value)}", safe=False, edits=(edit,))


def move(document: Document, entry: Entry, section: str, name: str) -> Fix | None:
    """Return the fix that moves an entry to another section; None where the file is not safe to edit.

    Never safe. A secret is not moved: the edits are part of reports, and its value is never shown. Costs a pass over
    the file.
    """
    if is_secret_name(entry.name) or len(document.entries(entry.section, entry.name)) != 1:
        return None
    try:
        edits = [*unset_value(document, entry.section, entry.name), *set_value(document, section, name, entry.value)]
    except (EditRefusedError, NotAllowedError):
        return None
    return Fix(f"Move it to section {section}", safe=False, edits=tuple(edits))
