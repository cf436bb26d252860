"""Options that several commands share."""

from __future__ import annotations

import math
import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from confkit import load
from confkit.core.escape import escape
from confkit.core.storage.locate import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from confkit.core.syntax import Document


class Format(StrEnum):
    """What a command prints its results as."""

    TEXT = "text"
    JSON = "json"


Config = Annotated[
    str | None,
    typer.Option(
        "-c",
        "--config",
        metavar="PATH",
        help="The configuration file, or its directory.",
        show_default="the directory in ChrystokiConfigurationPath, else /etc/Chrystoki.conf",
    ),
]


class _Choice(TypedDict):
    metavar: str
    callback: Callable[[str], str]


def one_of(names: Iterable[str]) -> _Choice:
    """Return the settings of an option that takes one of `names`, for help and check."""
    known = tuple(names)

    def checked(given: str) -> str:
        if given not in known:
            raise typer.BadParameter(f"{given!r} is not one of {', '.join(known)}.")
        return given

    return {
        "metavar": f"[{'|'.join(known)}]",
        "callback": checked,
    }


Colour = Annotated[
    str,
    typer.Option(
        "--color",
        **one_of(("auto", "always", "never")),
        help="Colour the text; auto: on a terminal. NO_COLOR and FORCE_COLOR are honoured.",
    ),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="Text for people, JSON for programs.")]
SectionName = Annotated[str, typer.Argument(metavar="SECTION", help="A section, such as HAConfiguration.")]
EntryName = Annotated[str, typer.Argument(metavar="KEY", help="An entry, such as statusTimeout.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")]
Diff = Annotated[bool, typer.Option("--diff", help="Print a unified diff of the change.")]
Backup = Annotated[bool, typer.Option("--backup", help="Keep the old file beside the new one, named with the time.")]
InPlace = Annotated[
    bool,
    typer.Option(
        "--in-place",
        help="Write into the file instead of replacing it, where it is mounted or has several hard links; a reader can "
        "see half of the change. See docs/how-to/edit-by-intention.md.",
    ),
]


def _finite(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise typer.BadParameter(f"{seconds:g} is not a number of seconds.")
    return seconds


LockTimeout = Annotated[
    float,
    typer.Option(
        "--lock-timeout",
        envvar="CONFKIT_LOCK_TIMEOUT",
        metavar="SECONDS",
        min=0,
        callback=_finite,
        show_default=False,
        help="How long to wait for another process that edits in the same directory; 10 s without it.",
    ),
]
Create = Annotated[
    bool, typer.Option("--create", help="Start a configuration where the file is absent, empty or half written.")
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Edit the file even if it does not look like a configuration, or looks half written."),
]


def config_path(config: str | None, named_by: str = "-c") -> str:
    """Return the path of the configuration file that the option or the argument names, to read it.

    FileError where there is none. Warns where an in-place edit may have left half a file, or is just writing it.
    """
    path = find(config, os.environ, named_by)
    # on the way of commands that read; an edit looks for the journal itself, with the lock held
    from confkit.core.change import unfinished  # noqa: PLC0415
    from confkit.core.storage.journal import find_journal  # noqa: PLC0415

    if journal := find_journal(path):
        warn(f"{path}: {unfinished(journal)}")
    return path


def read_document(path: str) -> Document:
    """Return the configuration file at `path`, as `config_path` found it; FileError where it is none.

    Warns where not all of its text is read.
    """
    from confkit.core.editable import refuse_other_files, unread  # noqa: PLC0415 - for commands that read

    document = load(path)
    refuse_other_files(path, document)
    if lines := unread(document):
        count = f"{len(lines)} problems in its text" if len(lines) > 1 else "a problem in its text"
        warn(f"{path}:{lines[0]}: {count}; what cannot be read is left out. confkit lint explains it")
    return document


def path_to_edit(config: str | None) -> str:
    """Return the path of the configuration file that the options name, to edit it; FileError where there is none."""
    return find(config, os.environ)


def warn(message: str) -> None:
    """Print a warning on standard error."""
    typer.echo(f"confkit: warning: {escape(message)}", err=True)
