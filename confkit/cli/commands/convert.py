"""confkit convert: from the UNIX form to the Windows form and back."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from confkit.cli.options import config_path, warn
from confkit.cli.output import write_about
from confkit.config.convert import ConversionError, comments_in_values, convert
from confkit.core.errors import FileError, UsageError
from confkit.core.escape import escape
from confkit.core.storage.atomic import create
from confkit.core.storage.lock import edit_lock
from confkit.core.storage.snapshot import opened
from confkit.core.syntax import parse

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
    instance. A path or a text that seems to hold a comment is carried over, with a warning.
    """
    path = config_path(source)
    if not target.lower().endswith((".conf", ".ini")):
        raise UsageError(f"the name of the new file decides its form and must end in .conf or .ini, not {target!a}")
    with opened(path) as snapshot:
        document = parse(snapshot.data, os.path.basename(path))
        try:
            converted = convert(document, windows=target.lower().endswith(".ini"))
        except ConversionError as error:
            raise FileError(f"not converted: {error}. Fix this first", path=path, line=error.line) from error
        with edit_lock(target, follow=False) as place:
            create(place, converted.to_bytes(), snapshot)
    for comment in comments_in_values(document):
        warn(f"{path}:{comment.line}: {comment.message}; it was carried over as part of the value")
    write_about(f"{escape(path)} -> {escape(target)}\n", target)
    return 0
