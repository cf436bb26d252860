"""Look for the hosts of the configuration: resolve their names, and open a TCP connection to their ports.

A connection is closed again at once: no TLS, no byte is sent. An appliance may note that in its log.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from confkit.preflight.observations import ServerSeen
from confkit.preflight.probes.parallel import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.preflight.named import NamedServer
    from confkit.preflight.observations import ServerOutcome

    Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]

_MAX_ADDRESSES = 16  # of one name; each takes a socket

# of several addresses the best one counts
_OUTCOMES: dict[int, ServerOutcome] = {0: "accepts", errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "silent"}


def probe(server: NamedServer, seconds: float) -> ServerSeen:
    """Resolve the name, then connect to all its addresses at once; each step takes at most `seconds`."""
    try:
        addresses = within(seconds, lambda: _resolve(server))
    except (OSError, ValueError) as error:  # ValueError: no host can have such a name (a label over 63 characters)
        reason = error.strerror if isinstance(error, OSError) else None
        return ServerSeen(server, "unresolved", reason or "no host can have such a name")
    if addresses is None:
        return ServerSeen(server, "unresolved", f"no answer within {seconds:g} s")
    if server.port is None:
        return ServerSeen(server, "resolved")
    codes = connect(addresses[:_MAX_ADDRESSES], seconds)
    outcome = next((outcome for code, outcome in _OUTCOMES.items() if code in codes), None)
    return ServerSeen(server, outcome) if outcome else ServerSeen(server, "unreachable", os.strerror(min(codes)))


def _resolve(server: NamedServer) -> Sequence[Address]:
    if "\0" in server.name:
        raise ValueError(server.name)
    return socket.getaddrinfo(server.name, server.port, type=socket.SOCK_STREAM)


def connect(addresses: Sequence[Address], seconds: float) -> set[int]:
    """Try all addresses at once until one accepts or the time is over; return the errno codes seen, 0 for accepted.

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
