"""One edit of a file from beginning to end: lock, read, change, check, write, read back.

A change is a pure function of the parsed file. It raises UsageError or FileError where it cannot be made; then not one
byte was written.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple

from confkit.core.editable import refuse_uneditable
from confkit.core.errors import FileError, UsageError
from confkit.core.new_values import dropped_comments, refuse_unusable
from confkit.core.storage.atomic import create, replace
from confkit.core.storage.journal import journal_of
from confkit.core.storage.lock import Waiting, edit_lock
from confkit.core.storage.reader import explained_reading
from confkit.core.storage.snapshot import Snapshot, settled, take
from confkit.core.storage.walk import reached, same_place
from confkit.core.syntax import EditRefusedError, NotAllowedError, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.storage.walk import Place
    from confkit.core.syntax import Document

    Change = Callable[[Document], Document]
    Approval = Callable[[bytes, bytes], None]

_NEW_FILE_MODE = 0o644  # applications of every user read the client's configuration


class EditOptions(NamedTuple):
    """How a file is edited, whatever is changed in it.

    `dry_run` writes nothing; `backup` keeps the old content beside the file; `in_place` writes into the file itself
    (see `confkit.core.storage.in_place`); `force` edits what does not look like a configuration of the client, or looks
    half written; `create` starts one in a file that is empty or absent. `lock_seconds` is how long another process that
    edits in the same directory is waited for; `tell` gets a sentence about it after 2 s.
    """

    dry_run: bool = False
    backup: bool = False
    in_place: bool = False
    force: bool = False
    create: bool = False
    lock_seconds: float = 10.0
    tell: Callable[[str], None] | None = None


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


DEFAULT = EditOptions()


def edit_file(path: str, change: Change, options: EditOptions = DEFAULT, approve: Approval | None = None) -> Outcome:
    """Apply `change` to the file under one lock, in one atomic replacement, and read the result back.

    `approve` gets the old and the new content before anything is written, and may raise. A dry run takes no lock. What
    an interrupted in-place edit has left is put right first, and is a warning. Raises FileError and UsageError, with
    nothing changed.
    """
    if options.dry_run:
        with contextlib.ExitStack() as stack:
            with explained_reading(path):  # never around the change: its errors are its own
                place = stack.enter_context(reached(path))
                warnings = _unfinished(place)
            outcome = _planned(place, change, options)[1]
            return outcome._replace(written=False, warnings=(*warnings, *outcome.warnings))
    waiting = Waiting(options.lock_seconds, options.tell)
    with edit_lock(path, waiting) as place:
        warnings = _recovered(place, waiting)
        snapshot, outcome = _planned(place, change, options)
        if not outcome.written:
            return outcome._replace(warnings=warnings)
        if approve is not None:
            approve(outcome.before, outcome.after)
        backup = _write(place, snapshot, outcome.after, options, waiting)
        _read_back(place, outcome.after)
    return outcome._replace(backup=backup, warnings=(*warnings, *outcome.warnings))


def changed(path: str, source: bytes, change: Change) -> bytes:
    """Return `source` with `change` applied; the parser's refusals become errors that name the file and the lines."""
    return applied(path, parse(source, os.path.basename(path)), change).to_bytes()


def applied(path: str, document: Document, change: Change) -> Document:
    """Return `document` with `change` applied; the parser's refusals become errors that name the file and the lines."""
    try:
        return change(document)
    except NotAllowedError as error:
        raise UsageError(f"{error}. Nothing was changed") from error
    except FileError as error:
        error.path = error.path or path
        raise
    except EditRefusedError as refusal:
        message = f"{reason_of(document, refusal)}. Nothing was changed"
        raise FileError(message, path=path, line=min(refusal.lines)) from refusal


def reason_of(document: Document, refusal: EditRefusedError) -> str:
    """Return why a place in the document is not safe to edit, with its lines, and what to do about it."""
    from confkit.core.redact import Redactor  # noqa: PLC0415 - only after an error

    reason = Redactor(document.lines).hide(refusal.reason)  # it names sections, and one gone wrong may be anything
    lines = sorted(set(refusal.lines))
    where = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
    return f"{reason} ({where}). Fix this first"


def _planned(place: Place, change: Change, options: EditOptions) -> tuple[Snapshot | None, Outcome]:
    """Return the file as it is, None where there is none yet, and what the edit makes of it; `written`: it has to."""
    absent = options.create and not _exists(place)
    snapshot = None if absent else take(place) if options.force else settled(place)
    before = b"" if snapshot is None else snapshot.data
    path = place.path
    found = parse(before, os.path.basename(path))
    refuse_uneditable(path, place.target, found, force=options.force, create=options.create)
    document = applied(path, found, change)
    after = document.to_bytes()
    if before != after and not options.force:
        refuse_unusable(found, document)
    warnings = dropped_comments(found, document) if before != after else ()
    return snapshot, Outcome(path, before, after, document, written=before != after, backup=None, warnings=warnings)


def _exists(place: Place) -> bool:
    try:
        os.stat(place.name, dir_fd=place.directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write(place: Place, snapshot: Snapshot | None, new: bytes, options: EditOptions, waiting: Waiting) -> str | None:
    if snapshot is None:
        mask = os.umask(0o077)
        os.umask(mask)
        create(place, new, None, _NEW_FILE_MODE & ~mask)
        return None
    if not options.in_place:
        return replace(snapshot, new, backup=options.backup)
    from confkit.core.storage.in_place import write  # noqa: PLC0415 - most edits do without

    return write(snapshot, new, backup=options.backup, waiting=waiting)


def _recovered(place: Place, waiting: Waiting) -> tuple[str, ...]:
    with explained_reading(place.path):
        journal = journal_of(place)
    if journal is None:
        return ()
    from confkit.core.storage.in_place import recover  # noqa: PLC0415 - most edits do without

    return (recover(place, journal, waiting),)


def _unfinished(place: Place) -> tuple[str, ...]:
    return () if (journal := journal_of(place)) is None else (unfinished(journal),)


def unfinished(journal: str) -> str:
    """Return the warning about a file of which there is a journal."""
    return (
        "it may hold half of an in-place edit, which is under way or was interrupted "
        f"({journal} keeps the old content; the next edit puts it back)"
    )


def _read_back(place: Place, written: bytes) -> None:
    try:
        now = take(place).data
        with explained_reading(place.path), reached(place.path) as leads_to:
            same = same_place(leads_to, place)
    except FileError as error:
        raise FileError(
            f"the new content is in place, but when it was read back: {error.message}", path=place.path
        ) from error
    if not same:
        raise FileError(
            "the new content is in place, but the path leads to another file since it was read. Look at both.",
            path=place.path,
        )
    if now != written:
        raise FileError(
            "another program wrote the file at the same moment. Look at it, and run this again.", path=place.path
        )
