"""confkit report: an anonymised report on how a client library behaves."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli import group_options
from confkit.cli.options import Config  # noqa: TC001 - typer reads it when the program runs
from confkit.cli.output import write_out
from confkit.cli.signals import ending_on_sigterm
from confkit.core.errors import UsageError
from confkit.core.escape import escape, escape_lines
from confkit.core.version import VERSION

if TYPE_CHECKING:
    from confkit.fieldreport.models import FieldReport

EXAMPLES = """Examples:

confkit report

confkit report --label signing --output client-10.9.json
"""

_ADVICE = """\
This is all that {path} will contain. Names, serial numbers, addresses, paths and secrets are replaced: serial-1 is the
same serial number everywhere. Check it for anything that you would not send."""


def command(
    config: Config = None,
    library: group_options.Library = None,
    slot: group_options.SlotNumber = None,
    label: group_options.Label = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="PATH", help="The file to write; an existing one is not replaced.")
    ] = "confkit-report.json",
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> int:
    """Write an anonymised report on how this client library behaves: one JSON file.

    It holds the library's version and exported functions, which bytes a status call writes, what it returns for other
    slots, descriptions and flags of slots, which file was read, and call times. The library is asked in a child
    process; nobody logs in, no session is opened, and your file is not changed. The report is shown, then written.

    Exit codes: 0 written, 1 not written because you declined, 2 wrong usage, 3 the file, the library or the directory
    of the report cannot be used.
    """
    from confkit.fieldreport import newfile  # noqa: PLC0415 - the other commands need none of this
    from confkit.fieldreport.report import make  # noqa: PLC0415
    from confkit.fieldreport.site import site  # noqa: PLC0415

    choice = group_options.chosen(slot, label)
    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on. Use --yes to write the report without asking")
    newfile.inspect(output)
    with ending_on_sigterm():
        made = make(site(config, library, choice, os.environ), VERSION)
    return _offer(made, output, yes)


def _offer(made: FieldReport, path: str, yes: bool) -> int:
    """Show the report, and write it if the user agrees."""
    from confkit.fieldreport import newfile  # noqa: PLC0415 - as above
    from confkit.fieldreport.text import pretty  # noqa: PLC0415

    text = pretty(asdict(made)) + "\n"
    write_out(escape_lines(text))
    typer.echo(_ADVICE.format(path=escape(path)), err=True)
    if not yes and not _agreed(f"Write {escape(path)}? [y/N] "):
        typer.echo("Not written.", err=True)
        return 1
    newfile.write(path, text)
    typer.echo(f"Written: {escape(path)}", err=True)
    return 0


def _agreed(question: str) -> bool:
    """Ask on standard error: standard output is the report."""
    typer.echo(question, err=True, nl=False)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
