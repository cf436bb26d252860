"""confkit server: list, add and remove network appliances."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from confkit.cli.editing import Editing, done, edits
from confkit.cli.options import Config, Format, OutputFormat, config_path, read_document
from confkit.cli.output import write_out
from confkit.config import servers
from confkit.core.escape import escape, without_commands_in_json
from confkit.core.redact import Redactor
from confkit.core.syntax.document import readable
from confkit.core.view import ServersReport, server_views

HELP = "List, add and remove the network appliances that the client connects to."
EXAMPLES = """Examples:

confkit server list

confkit server add hsm3.example.com --diff --backup

confkit server remove hsm1.example.com --dry-run
"""

_Host = Annotated[
    str,
    typer.Argument(metavar="HOST", help="A host name or an IP address, as in the file."),
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


@edits()
def add(
    host: Annotated[str, typer.Argument(metavar="HOST", help="A host name or an IP address, without a port.")],
    port: Annotated[int, typer.Option(metavar="N", help="The port of the appliance.")] = servers.DEFAULT_PORT,
    htl: Annotated[int, typer.Option(min=0, max=1, metavar="0|1", help="Whether a host trust link is used.")] = 0,
    *,
    editing: Editing,
) -> int:
    """Add a server under the next free number: its name, port and host trust link together."""
    server = servers.NewServer(host, port, bool(htl))
    return done(editing, lambda document: servers.added(document, server))


@edits(create=False)
def remove(
    host: _Host,
    *,
    editing: Editing,
) -> int:
    """Remove a server; those behind it move up by one number, so that no gap is left."""
    return done(editing, lambda document: servers.removed(document, host))


COMMANDS = {"list": list_servers, "add": add, "remove": remove}
