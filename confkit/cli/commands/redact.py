"""confkit redact: a copy of a file for a support case."""

from __future__ import annotations

from typing import Annotated

import typer

from confkit import load
from confkit.cli.options import config_path
from confkit.cli.output import write_out
from confkit.core.editable import refuse_manifest
from confkit.core.syntax.document import text

EXAMPLES = """Examples:

confkit redact > for-support.conf

confkit redact ./Chrystoki.conf
"""


def command(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A file, or the directory it lies in; else as for --config.")
    ] = None,
) -> int:
    """Print a copy of the file for a support case: secrets, hosts, serial numbers and labels become pseudonyms.

    The same value has the same pseudonym everywhere in it, and the layout stays, line by line. Values of unknown
    entries, paths that are not the vendor's, comments and stray text go too. Read it before you send it.
    """
    # the catalogue, which commands that print one value do without
    from confkit.config.pseudonyms import pseudonymous  # noqa: PLC0415

    path = config_path(file, "FILE")
    document = load(path)  # also half of a file, or a broken one: that is what support cases are about
    refuse_manifest(path, document)
    write_out(text(pseudonymous(document)))
    return 0
