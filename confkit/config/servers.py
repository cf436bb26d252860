"""Add and remove network appliances: ServerNameNN, ServerPortNN and ServerHtlNN of section LunaSA Client together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.config.numbering import next_number, refuse_uncertain, without_family
from confkit.core.catalogue import entry_facts
from confkit.core.catalogue.values import fault
from confkit.core.errors import UsageError
from confkit.core.ha import SERVERS, servers_of, unquoted
from confkit.core.syntax import remove_empty_section, set_entry
from confkit.core.validate import near

if TYPE_CHECKING:
    from confkit.config.numbering import Family
    from confkit.core.ha import Server
    from confkit.core.syntax import Document

DEFAULT_PORT = 1792
_LAST_PORT = 65535


class NewServer(NamedTuple):
    """An appliance to add; `htl` says whether a host trust link is used."""

    host: str
    port: int = DEFAULT_PORT
    htl: bool = False


def added(document: Document, server: NewServer) -> Document:
    """Return the document with one more server, under the next free number.

    Raise UsageError for a host or a port that cannot be one and for a host that is in the file already; FileError where
    the numbers in the file have a gap or a duplicate.
    """
    _check(server)
    found = servers_of(document)
    refuse_uncertain(document, SERVERS, _families(document), "server")
    if _named(found, server.host):
        raise UsageError(f"server {server.host} is in the file already. Nothing was changed")
    number = next_number([each.number for each in found], "servers")
    for key, value in (("Name", server.host), ("Port", str(server.port)), ("Htl", str(int(server.htl)))):
        document = set_entry(document, SERVERS, f"Server{key}{number}", value)
    return document


def removed(document: Document, host: str) -> Document:
    """Return the document without a server; those behind it move up by one number. UsageError where it is unknown."""
    found = servers_of(document)
    refuse_uncertain(document, SERVERS, _families(document), "server")
    server = _named(found, host)
    if server is None:
        names = [unquoted(each.name.value) for each in found if each.name]
        raise UsageError(f"there is no server {host}{near(host, names)} Nothing was changed")
    document = without_family(document, _families, server.number)
    return remove_empty_section(document, SERVERS)


def _families(document: Document) -> list[Family]:
    return [(each.number, each.entries) for each in servers_of(document)]


def _named(found: list[Server], host: str) -> Server | None:
    wanted = host.lower().rstrip(".")
    return next((each for each in found if each.name and unquoted(each.name.value).lower().rstrip(".") == wanted), None)


def _check(server: NewServer) -> None:
    facts = entry_facts(SERVERS, "ServerName00")
    host, colon, port = server.host.rpartition(":")
    bracketed = server.host.startswith("[") and "]" in server.host
    if bracketed or (colon and ":" not in host and port.isdigit()):
        bare = server.host.partition("]")[0].lstrip("[") if bracketed else host
        given = port if colon and port.isdigit() else str(DEFAULT_PORT)
        raise UsageError(f"{server.host} holds a port or brackets: give {bare} --port {given}. Nothing was changed")
    if facts is None or fault(facts, server.host) or "/" in server.host:
        raise UsageError(f"{server.host!a} is not a host name or an IP address. Nothing was changed")
    if not 1 <= server.port <= _LAST_PORT:
        raise UsageError(f"the port must be from 1 to {_LAST_PORT}, not {server.port}. Nothing was changed")
