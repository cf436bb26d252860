"""confkit server: list, add and remove network appliances."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from confkit.cli.edited import report_changes
from confkit.cli.options import (
    Backup,
    Config,
    Create,
    Diff,
    DryRun,
    Force,
    Format,
    InPlace,
    LockTimeout,
    OutputFormat,
    complete_host,
    config_path,
    path_to_edit,
    read_document,
    warn,
)
from confkit.cli.output import write_out
from confkit.config import servers
from confkit.config.edit import EditOptions, edit
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import Redactor
from confkit.core.syntax.document import readable
from confkit.core.view import ServersReport, server_views

if TYPE_CHECKING:
    from confkit.core.syntax import Document

HELP = "List, add and remove the network appliances that the client connects to."
EXAMPLES = """Examples:

confkit server list

confkit server add hsm3.example.com --diff --backup

confkit server remove hsm1.example.com --dry-run
"""

_Host = Annotated[
    str,
    typer.Argument(metavar="HOST", help="A host name or an IP address, as in the file.", autocompletion=complete_host),
]


def list_servers(config: Config = None, output: OutputFormat = Format.TEXT) -> int:
    """List the servers by their numbers: host, port, and whether a host trust link is used."""
    path = config_path(config)
    document = read_document(path)
    found = server_views(document, Redactor(document.lines))
    if output is Format.JSON:
        text = json.dumps(asdict(ServersReport(1, readable(path), found)), indent=2)
        write_out(without_commands_in_json(text) + "\n")
        return 0
    for server in found:
        port = "-" if server.port is None else str(server.port)
        write_out(f"{server.index:02}  {escape(server.name or '-')}  {port}  line {server.line}\n")
    return 0


def add(
    host: Annotated[str, typer.Argument(metavar="HOST", help="A host name or an IP address, without a port.")],
    port: Annotated[int, typer.Option(metavar="N", help="The port of the appliance.")] = servers.DEFAULT_PORT,
    htl: Annotated[int, typer.Option(min=0, max=1, metavar="0|1", help="Whether a host trust link is used.")] = 0,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    create: Create = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Add a server under the next free number: its name, port and host trust link together."""
    server = servers.NewServer(host, port, bool(htl))

    def change(document: Document) -> Document:
        return servers.added(document, server)

    options = EditOptions(dry_run, backup, in_place, force, create, lock_timeout, warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


def remove(
    host: _Host,
    config: Config = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    backup: Backup = False,
    in_place: InPlace = False,
    force: Force = False,
    lock_timeout: LockTimeout = 10.0,
    output: OutputFormat = Format.TEXT,
) -> int:
    """Remove a server; those behind it move up by one number, so that no gap is left."""

    def change(document: Document) -> Document:
        return servers.removed(document, host)

    options = EditOptions(dry_run, backup, in_place, force, lock_seconds=lock_timeout, tell=warn)
    report_changes(edit(path_to_edit(config), change, options), output, diff=diff)
    return 0


COMMANDS = {"list": list_servers, "add": add, "remove": remove}
