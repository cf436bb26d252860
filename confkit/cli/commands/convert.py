"""confkit convert: from the UNIX form to the Windows form and back."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.options import config_path, warn
from confkit.cli.output import write_about
from confkit.config.convert import ConversionError, comments_in_values, convert
from confkit.config.relocate import paths_below
from confkit.core.editable import refuse_half_written
from confkit.core.errors import FileError, UsageError
from confkit.core.escape import escape
from confkit.core.paths import CLIENT_DIRECTORIES, default_directory
from confkit.core.storage.atomic import create
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.snapshot import opened
from confkit.core.syntax import parse

if TYPE_CHECKING:
    from confkit.core.syntax import Document

EXAMPLES = """Examples:

confkit convert /etc/Chrystoki.conf ./crystoki.ini

confkit convert crystoki.ini Chrystoki.conf
"""


def command(
    source: Annotated[str, typer.Argument(metavar="SRC", help="The file to convert, or its directory.")],
    target: Annotated[str, typer.Argument(metavar="DST", help="The file to make; its name ends in .conf or .ini.")],
) -> int:
    """Write the file in the other form, with the same meaning; an existing DST is never overwritten.

    Comments are kept, above the section they stood in. Names that the platforms spell differently are translated; paths
    of files are not. A file whose meaning is not certain is not converted: a number with a comment behind it, for
    instance. A path or a text that seems to hold a comment is carried over, with a warning; so are paths of the
    client's default directory, with the command that moves them.
    """
    path = config_path(source, "SRC")
    if not target.lower().endswith((".conf", ".ini")):
        raise UsageError(f"the name of the new file decides its form and must end in .conf or .ini, not {target!a}")
    with opened(path) as snapshot:
        document = parse(snapshot.data, os.path.basename(path))
        try:
            converted = convert(document, windows=target.lower().endswith(".ini"))
        except ConversionError as error:
            raise FileError(f"not converted: {error}. Fix this first", path=path, line=error.line) from error
        refuse_half_written(path, document, "it is whole, there is nothing to convert. No file was made.")
        with edit_lock(target, follow=False) as place:
            create(place, converted.to_bytes(), snapshot)
    for comment in comments_in_values(document):
        warn(f"{path}:{comment.line}: {comment.message}; it was carried over as part of the value")
    if converted.windows != document.windows:
        _warn_of_directories(converted, target)
    write_about(f"{escape(path)} -> {escape(target)}\n", target)
    return 0


def _warn_of_directories(converted: Document, target: str) -> None:
    """Warn about the client's directories of the other platform, which are carried over, with the command for them."""
    here = default_directory(windows=converted.windows)
    for directory in (each.path for each in CLIENT_DIRECTORIES if each.windows != converted.windows):
        if count := paths_below(converted, directory):
            command = shlex.join(["confkit", "relocate", directory, here, "-c", target])
            paths = "path lies" if count == 1 else "paths lie"
            warn(f"{target}: {count} {paths} below {directory}, as on the other platform. Run: {command}")
