"""The hosts of the configuration: their names resolve, their ports accept a TCP connection in time.

A connection is opened and closed again: no TLS, no byte is sent. An appliance may note that in its log.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from confkit.preflight.model import Check, at, shown
from confkit.preflight.parallel import within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.entries import Server
    from confkit.preflight.model import Seen

    Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]

_MOST_ADDRESSES = 16  # of one name; each takes a socket

Outcome = Literal["accepts", "refused", "silent", "unreachable", "unresolved", "resolved"]
# of several addresses the best one counts
_OUTCOMES: dict[int, Outcome] = {0: "accepts", errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "silent"}


class ServerSeen(NamedTuple):
    """What came of looking for a host; `resolved` where its port is not known; `reason` in the system's own words."""

    server: Server
    outcome: Outcome
    reason: str = ""


def probe(server: Server, seconds: float) -> ServerSeen:
    """Resolve the name and connect to all its addresses at once; each of the two takes at most `seconds`."""
    try:
        addresses = within(seconds, lambda: _resolve(server))
    except (OSError, ValueError) as error:  # ValueError: no host can have such a name (a label over 63 characters)
        reason = error.strerror if isinstance(error, OSError) else None
        return ServerSeen(server, "unresolved", reason or "no host can have such a name")
    if addresses is None:
        return ServerSeen(server, "unresolved", f"no answer within {seconds:g} s")
    if server.port is None:
        return ServerSeen(server, "resolved")
    codes = connect(addresses[:_MOST_ADDRESSES], seconds)
    outcome = next((outcome for code, outcome in _OUTCOMES.items() if code in codes), None)
    return ServerSeen(server, outcome) if outcome else ServerSeen(server, "unreachable", os.strerror(min(codes)))


def _resolve(server: Server) -> Sequence[Address]:
    if "\0" in server.name:
        raise ValueError(server.name)
    return socket.getaddrinfo(server.name, server.port, type=socket.SOCK_STREAM)


def connect(addresses: Sequence[Address], seconds: float) -> set[int]:
    """Try all addresses at once until one accepts or the time is over; return the codes of errno seen, 0 for accepted.

    ETIMEDOUT is among them when an address did not answer in time.
    """
    deadline = time.monotonic() + seconds
    with ExitStack() as stack, selectors.DefaultSelector() as waiting:
        codes = {code for address in addresses if (code := _start(address, stack, waiting)) != errno.EINPROGRESS}
        while waiting.get_map() and 0 not in codes:
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            for key, _ in ready:
                waiting.unregister(key.fileobj)
                codes.add(key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))  # type: ignore[union-attr]
            if not ready:
                return codes | {errno.ETIMEDOUT}
    return codes


def _start(address: Address, stack: ExitStack, waiting: selectors.BaseSelector) -> int:
    family, kind, protocol, _, target = address
    try:
        connection = stack.enter_context(socket.socket(family, kind, protocol))
        connection.settimeout(0)
        code = connection.connect_ex(target)
    except OSError as error:  # a host without IPv6
        return error.errno or errno.EIO
    if code == errno.EINPROGRESS:
        waiting.register(connection, selectors.EVENT_WRITE)
    return code


def name_not_resolved(seen: Seen) -> Iterator[Finding]:
    """A host's name does not resolve.

    ## Why

    Without an address the client cannot reach the appliance. The resolver of this host is asked, also with `--root`:
    the image's own hosts file is not.

    ## What to do

    Correct the name, or add it to DNS or to /etc/hosts. `--timeout` says how long the resolver may take, and
    `--offline` leaves the network alone.
    """
    for each in seen.servers:
        if each.outcome == "unresolved":
            message = f"the name {shown(each.server.name)} does not resolve: {each.reason}"
            yield at(each.server.entry, message, "Correct the name, or add it to DNS or to /etc/hosts")


def port_refused(seen: Seen) -> Iterator[Finding]:
    """A host is there and refuses the connection.

    ## Why

    Nothing listens on that port: the NTLS service of the appliance is down or bound to another of its interfaces, or
    the port is wrong. A firewall can refuse as well.

    ## What to do

    Check ServerPort (1792 is the NTLS port), and on the appliance `service status ntls` and `ntls show`.

    ## Source

    https://thalesdocs.com/gphsm/luna/6.3/docs/network/Content/configuration/client_appliance/client_appliance.htm for
    the port.
    """
    for each in seen.servers:
        if each.outcome == "refused":
            advice = "Check the port, and whether the service (NTLS on an appliance) runs there"
            yield at(each.server.entry, f"{_target(each.server)} refuses the connection", advice)


def port_silent(seen: Seen) -> Iterator[Finding]:
    """A host does not answer, or there is no way to it.

    ## Why

    A firewall that drops packets, a host that is down or a missing route. All hosts are tried at the same time, and all
    addresses of each; the time is that of `--timeout`.

    ## What to do

    Have TCP allowed from this host to that port; raise `--timeout` on a slow link.
    """
    for each in seen.servers:
        advice = "Have TCP allowed from this host to that port, and check the route"
        if each.outcome == "silent":
            message = f"{_target(each.server)} did not answer within {seen.host.timeout_seconds:g} s"
            yield at(each.server.entry, message, advice)
        elif each.outcome == "unreachable":
            yield at(each.server.entry, f"{_target(each.server)} cannot be reached: {each.reason}", advice)


def _target(server: Server) -> str:
    return f"{shown(server.name)} port {server.port}"


CHECKS = (
    Check("CKP51", "name-not-resolved", "error", name_not_resolved),
    Check("CKP52", "port-refused", "error", port_refused),
    Check("CKP53", "port-silent", "error", port_silent),
)
