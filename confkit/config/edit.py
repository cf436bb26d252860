"""Edit a file: lock, read, change, check, replace, read back. Every command that edits is a change for `edit`.

    def change(document: Document) -> Document:
        return set_entry(set_entry(document, "LunaSA Client", "ServerName00", "hsm1"), ...)

    outcome = edit(path, change, EditOptions(dry_run=True), entries=[("LunaSA Client", "ServerName00")])

A change is a pure function of the parsed file. It raises UsageError or FileError where it cannot be made: then not one
byte was written. What was written is read back, and entries that a public reader sees with another value are warnings.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.config import third_party_readers as readers
from confkit.core.change import applied
from confkit.core.errors import FileError
from confkit.core.storage import file as configfile
from confkit.core.storage.journal import find_journal
from confkit.core.syntax import parse, set_entry, unset_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from confkit.core.syntax import Document

    Change = Callable[[Document], Document]


class EditOptions(NamedTuple):
    """How a file is edited, whatever is changed in it.

    `dry_run` writes nothing; `backup` keeps the old content beside the file; `in_place` writes into the file itself
    (see `confkit.core.storage.in_place`); `force` edits what does not look like a configuration of the client, or looks
    half written; `create` starts one in a file that is empty or absent. `lock_seconds` is how long another process that
    edits in the same directory is waited for.
    """

    dry_run: bool = False
    backup: bool = False
    in_place: bool = False
    force: bool = False
    create: bool = False
    lock_seconds: float = 10.0


class Outcome(NamedTuple):
    """What an edit did. `before` and `after` are equal where nothing had to change; a dry run has not `written`.

    `document` is the file as it is afterwards, parsed; `backup` is the path of the backup.
    """

    path: str
    before: bytes
    after: bytes
    document: Document
    written: bool
    backup: str | None
    warnings: tuple[str, ...]


_DEFAULT = EditOptions()


def edit(
    path: str, change: Change, options: EditOptions = _DEFAULT, *, entries: Iterable[tuple[str, str]] = ()
) -> Outcome:
    """Apply `change` to the file under one lock, in one atomic replacement, and read the result back.

    `entries` are pairs of section and key whose values public readers are to see as confkit's parser does; where one
    does not, that is a warning. What an interrupted in-place edit has left is put right first, and is a warning too.
    Raises FileError and UsageError, with nothing changed.
    """
    outcome = _edited(path, change, options)
    warnings = (warning for section, key in entries for warning in other_readings(outcome.document, section, key))
    return outcome._replace(warnings=(*outcome.warnings, *warnings))


def _edited(path: str, change: Change, options: EditOptions) -> Outcome:
    if options.dry_run:
        before = configfile.read(path).data
        document = applied(path, parse(before, os.path.basename(path)), change)
        return Outcome(path, before, document.to_bytes(), document, written=False, backup=None, warnings=())
    write = configfile.replace
    if options.in_place:
        from confkit.core.storage.in_place import write  # noqa: PLC0415 - most edits do without
    with configfile.edit_lock(path, options.lock_seconds):
        recovered = _recovered(path)
        snapshot = configfile.read(path)
        document = applied(path, parse(snapshot.data, os.path.basename(path)), change)
        after = document.to_bytes()
        kept = write(snapshot, after, backup=options.backup)
        _read_back(path, after)
    warnings = (recovered,) if recovered else ()
    return Outcome(path, snapshot.data, after, document, snapshot.data != after, kept, warnings)


def setting(section: str, key: str, value: str) -> Change:
    """Return the change that sets one entry."""

    def change(document: Document) -> Document:
        after = set_entry(document, section, key, value)
        if after.get(section, key) != value:
            raise AssertionError(f"{key} reads back as something else than was written")
        return after

    return change


def unsetting(section: str, key: str) -> Change:
    """Return the change that removes one entry; no such entry is not an error."""

    def change(document: Document) -> Document:
        return unset_entry(document, section, key)

    return change


def set_in_file(path: str, section: str, key: str, value: str, options: EditOptions = _DEFAULT) -> Outcome:
    """Set one entry of a file. Errors as for `edit`."""
    return edit(path, setting(section, key, value), options, entries=[(section, key)])


def unset_in_file(path: str, section: str, key: str, options: EditOptions = _DEFAULT) -> Outcome:
    """Remove one entry of a file; no such entry is not an error. Errors as for `edit`."""
    return edit(path, unsetting(section, key), options, entries=[(section, key)])


def _recovered(path: str) -> str | None:
    if find_journal(path) is None:
        return None
    from confkit.core.storage.in_place import recover  # noqa: PLC0415 - most edits do without

    return recover(path)


def _read_back(path: str, written: bytes) -> None:
    try:
        now = configfile.read(path).data
    except FileError as error:
        raise FileError(
            f"the new content is in place, but when it was read back: {error.message}", path=path
        ) from error
    if now != written:
        raise FileError("another program wrote the file at the same moment; look at it and try again", path=path)


def other_readings(document: Document, section: str, key: str) -> tuple[str, ...]:
    """Say which public readers see another value of this entry than confkit's parser does."""
    value = document.get(section, key)
    readings = readers.read_all(document.to_bytes(), section, key, windows=document.windows)
    return tuple(filter(None, (_other_reading(reading, key, value, windows=document.windows) for reading in readings)))


def _other_reading(reading: readers.Reading, key: str, value: str | None, *, windows: bool) -> str | None:
    seen = None if reading.value is None else reading.value.strip()
    if seen == value or (not seen and (not value or windows)):
        # On Windows the readers' own conditions (another section must follow, ...) make "nothing" the usual answer.
        return None
    where = f" on line {reading.line}" if reading.line else ""
    if reading.error:
        return f"{reading.reader} cannot read {key}: {reading.error}{where}"
    if seen is None:
        return f"{reading.reader} finds no {key}"
    # here, because it brings the whole catalogue along, and nearly every edit does without
    from confkit.core.catalogue.names import is_secret  # noqa: PLC0415

    return f"{reading.reader} reads {key} as {'another value' if is_secret(key) else repr(seen)}{where}"
