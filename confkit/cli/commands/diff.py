"""confkit diff: differences of meaning between two files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from confkit.cli.options import Format, OutputFormat, config_path, read_document
from confkit.cli.output import write_out
from confkit.config.compare import HOST_SPECIFIC, DiffReport, differences, without_ignored
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import MASK
from confkit.core.syntax.document import readable

EXAMPLES = """Examples:

confkit diff /etc/Chrystoki.conf /etc/Chrystoki.conf.new

confkit diff Chrystoki.conf crystoki.ini --format json

confkit diff node1.conf node2.conf --ignore-host-specific --ignore "Misc/*"
"""

_One = Annotated[str, typer.Argument(metavar="A", help="A file, or the directory it lies in.")]
_Other = Annotated[str, typer.Argument(metavar="B", help="The file to compare it with, or its directory.")]


def command(
    one: _One,
    other: _Other,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Leave out entries whose KEY or SECTION/KEY fits, such as 'Server*'.",
        ),
    ] = None,
    ignore_host_specific: Annotated[
        bool, typer.Option("--ignore-host-specific", help="Leave out the certificates and keys of the host itself.")
    ] = False,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Compare what two files say, not how they are laid out; exit with 1 where they differ.

    The order of sections and entries, spacing, comments and line endings do not count. A UNIX and a Windows file can be
    compared. Secrets are redacted; that they differ is shown.
    """
    paths = config_path(one, "A"), config_path(other, "B")
    ignored = [*(ignore or []), *(HOST_SPECIFIC if ignore_host_specific else [])]
    found = without_ignored(differences(*map(read_document, paths)), ignored)
    if output is Format.JSON:
        report = DiffReport(1, (readable(paths[0]), readable(paths[1])), found)
        write_out(without_commands_in_json(json.dumps(asdict(report), indent=2)) + "\n")
        return 1 if found else 0
    lines = []
    for each in found:
        lines.append(escape(f"{each.section}/{each.key}"))
        for sign, path, sides in zip("-+", paths, (each.one, each.other), strict=True):
            for side in sides:
                shown = MASK if side.value is None else escape(side.value)
                lines.append(f"  {sign} {shown}   ({escape(path)}:{side.line})")
    write_out("".join(f"{line}\n" for line in lines))
    return 1 if found else 0
