"""Edit a file: lock, read, change, check, replace, read back. Every command that edits is a change for `edit`.

    def change(document: Document) -> Document:
        return set_entry(set_entry(document, "LunaSA Client", "ServerName00", "hsm1"), ...)

    outcome = edit(path, change, EditOptions(dry_run=True), entries=[("LunaSA Client", "ServerName00")])

A change is a pure function of the parsed file. It raises UsageError or FileError where it cannot be made: then not one
byte was written. What was written is read back, and entries that a public reader sees with another value are warnings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.config import third_party_readers as readers
from confkit.core.change import DEFAULT, EditOptions, Outcome, edit_file
from confkit.core.changeset import ChangeSet, apply_changes
from confkit.core.syntax import set_entry, unset_entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.core.change import Change
    from confkit.core.syntax import Document

__all__ = ["EditOptions", "Outcome", "apply", "edit", "other_readings", "set_in_file", "unset_in_file"]


def edit(
    path: str, change: Change, options: EditOptions = DEFAULT, *, entries: Iterable[tuple[str, str]] = ()
) -> Outcome:
    """Apply `change` to the file, see `confkit.core.change.edit_file`.

    `entries` are pairs of section and key whose values public readers are to see as confkit's parser does; where one
    does not, that is a warning. Raises FileError and UsageError, with nothing changed.
    """
    return _with_other_readings(edit_file(path, change, options), entries)


def apply(path: str, changes: ChangeSet, options: EditOptions = DEFAULT) -> Outcome:
    """Make all changes of a set, held against the catalogue, or none of them. Warnings and errors as for `edit`."""
    return _with_other_readings(apply_changes(path, changes, options), changes.entries, quoted=not changes.unquoted)


def set_in_file(path: str, section: str, key: str, value: str, options: EditOptions = DEFAULT) -> Outcome:
    """Set one entry of a file, whatever the catalogue says. Errors as for `edit`."""

    def change(document: Document) -> Document:
        after = set_entry(document, section, key, value)
        if after.get(section, key) != value:
            raise AssertionError(f"{key} reads back as something else than was written")
        return after

    return edit(path, change, options, entries=[(section, key)])


def unset_in_file(path: str, section: str, key: str, options: EditOptions = DEFAULT) -> Outcome:
    """Remove one entry of a file; no such entry is not an error. Errors as for `edit`."""
    return edit(path, lambda document: unset_entry(document, section, key), options, entries=[(section, key)])


def _with_other_readings(outcome: Outcome, entries: Iterable[tuple[str, str]], *, quoted: bool = True) -> Outcome:
    """Add the warnings about other readings. A reader may find one entry's value under the name of another."""
    found = (
        warning for section, key in entries for warning in other_readings(outcome.document, section, key, quoted=quoted)
    )
    return outcome._replace(warnings=(*outcome.warnings, *found))


def other_readings(document: Document, section: str, key: str, *, quoted: bool = True) -> tuple[str, ...]:
    """Say which public readers see another value of this entry than our parser does, and which one if `quoted`."""
    value = document.get(section, key)
    readings = readers.read_all(document.to_bytes(), section, key, windows=document.windows)
    said = (_other_reading(each, key, value, windows=document.windows, quoted=quoted) for each in readings)
    return tuple(filter(None, said))


def _other_reading(
    reading: readers.ThirdPartyReading, key: str, value: str | None, *, windows: bool, quoted: bool
) -> str | None:
    seen = None if reading.value is None else reading.value.strip()
    if seen == value or (not seen and (not value or windows)):
        # On Windows the readers' own conditions (another section must follow, ...) make "nothing" the usual answer.
        return None
    where = f" on line {reading.line}" if reading.line else ""
    if reading.error:
        return f"{reading.reader} cannot read {key}: {reading.error}{where}"
    if seen is None:
        return f"{reading.reader} finds no {key}"
    # nearly every edit does without
    from confkit.core.redact import BY_CONTENT  # noqa: PLC0415

    shown = BY_CONTENT.hide_value(key, seen) if quoted else None
    return f"{reading.reader} reads {key} as {'another value' if shown is None else repr(shown)}{where}"
