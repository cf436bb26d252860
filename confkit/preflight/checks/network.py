"""Checks of the hosts: their names resolve, their ports accept a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.preflight.observations import Check, at, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.lint.diagnostics import Finding
    from confkit.preflight.named import NamedServer
    from confkit.preflight.observations import Observations


def unresolved_name(seen: Observations) -> Iterator[Finding]:
    """A host's name does not resolve.

    ## Why

    Without an address the client cannot reach the appliance. The resolver of this host is asked, also with `--root`:
    the image's own hosts file is not.

    ## What to do

    Correct the name, or add it to DNS or to /etc/hosts. `--timeout` says how long the resolver may take, and
    `--offline` skips the network.
    """
    for each in seen.servers:
        if each.outcome == "unresolved":
            message = f"the name {shown(each.server.name)} does not resolve: {each.reason}"
            yield at(each.server.entry, message, "Correct the name, or add it to DNS or to /etc/hosts")


def refused_connection(seen: Observations) -> Iterator[Finding]:
    """A host refuses the connection.

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


def unreachable_port(seen: Observations) -> Iterator[Finding]:
    """A host does not answer, or there is no route to it.

    ## Why

    A firewall drops packets, the host is down, or a route is missing. All hosts are tried at the same time, and all
    addresses of each, for as long as `--timeout` says.

    ## What to do

    Allow TCP from this host to that port; raise `--timeout` on a slow link.
    """
    for each in seen.servers:
        advice = "Allow TCP from this host to that port, and check the route"
        if each.outcome == "silent":
            message = f"{_target(each.server)} did not answer within {seen.host.timeout_seconds:g} s"
            yield at(each.server.entry, message, advice)
        elif each.outcome == "unreachable":
            yield at(each.server.entry, f"{_target(each.server)} cannot be reached: {each.reason}", advice)


def _target(server: NamedServer) -> str:
    return f"{shown(server.name)} port {server.port}"


CHECKS = (
    Check("CKP51", "unresolved-name", "error", unresolved_name),
    Check("CKP52", "refused-connection", "error", refused_connection),
    Check("CKP53", "unreachable-port", "error", unreachable_port),
)
