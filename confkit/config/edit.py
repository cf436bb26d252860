"""An edit of a file from beginning to end: lock, read, change, replace, read back.

What was written is read back with confkit's parser and with the models of three public readers; where one of these sees
something else, that is a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.config import third_party_readers as readers
from confkit.core.change import changed
from confkit.core.errors import FileError
from confkit.core.storage import file as configfile
from confkit.core.storage.journal import find_journal
from confkit.core.syntax import parse, set_entry, unset_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.syntax import Document


class Outcome(NamedTuple):
    """What an edit did. `before` and `after` are equal where nothing had to change; a dry run has not `written`."""

    path: str
    before: bytes
    after: bytes
    written: bool
    backup: str | None
    warnings: tuple[str, ...]


def set_in_file(  # noqa: PLR0913 - what to set, and how
    path: str,
    section: str,
    key: str,
    value: str,
    *,
    dry_run: bool = False,
    backup: bool = False,
    in_place: bool = False,
) -> Outcome:
    """Set one entry of a file. FileError and UsageError say what stands against it; then nothing changed."""

    def change(document: Document) -> Document:
        return set_entry(document, section, key, value)

    outcome = edit_file(path, change, dry_run=dry_run, backup=backup, in_place=in_place)
    document = parse(outcome.after, path)
    if document.get(section, key) != value:
        raise AssertionError(f"{key} reads back as something else than was written")
    return outcome._replace(warnings=outcome.warnings + other_readings(document, section, key, value))


def unset_in_file(  # noqa: PLR0913 - what to remove, and how
    path: str, section: str, key: str, *, dry_run: bool = False, backup: bool = False, in_place: bool = False
) -> Outcome:
    """Remove one entry of the file at `path`; no such entry is no error. FileError as above."""

    def change(document: Document) -> Document:
        return unset_entry(document, section, key)

    outcome = edit_file(path, change, dry_run=dry_run, backup=backup, in_place=in_place)
    others = other_readings(parse(outcome.after, path), section, key, None)
    return outcome._replace(warnings=outcome.warnings + others)


def edit_file(
    path: str, change: Callable[[Document], Document], *, dry_run: bool, backup: bool, in_place: bool = False
) -> Outcome:
    """Apply `change` to the file under the lock and read the result back; a dry run takes no lock, writes nothing.

    `in_place` writes into the file itself (see `confkit.core.storage.in_place`). What an interrupted edit of that kind
    has left is put right first, and is a warning.
    """
    if dry_run:
        snapshot = configfile.read(path)
        return Outcome(
            path, snapshot.data, changed(path, snapshot.data, change), written=False, backup=None, warnings=()
        )
    write = configfile.replace
    if in_place:
        from confkit.core.storage.in_place import write  # noqa: PLC0415 - most edits do without
    with configfile.edit_lock(path):
        recovered = _recovered(path)
        snapshot = configfile.read(path)
        after = changed(path, snapshot.data, change)
        kept = write(snapshot, after, backup=backup)
        _read_back(path, after)
    warnings = (recovered,) if recovered else ()
    return Outcome(path, snapshot.data, after, written=snapshot.data != after, backup=kept, warnings=warnings)


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


def other_readings(document: Document, section: str, key: str, value: str | None) -> tuple[str, ...]:
    """Say which public readers see another value of this entry than `value` (None: no such entry)."""
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
