"""Whether a CA file vouches for the servers of the configuration: by name, or by the chain of issuers."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.observations import KnownServer
from confkit.preflight.probes import x509
from confkit.preflight.probes.tree import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.preflight.named import NamedServer
    from confkit.preflight.probes.tree import Tree
    from confkit.preflight.probes.x509 import ParsedCertificate

_MAX_SIGNATURES = 64  # to verify for one server; a hostile file may hold ten thousand issuers of one name
# Where vtl is recalled to leave an appliance's certificate; no source says so, and its absence means nothing.
_BESIDE = ("{}Cert.pem", "{}.pem")


class _CaFile(NamedTuple):
    """A CA file: its path, its certificates, also by name, and whether one of them may have issued others."""

    path: str
    certificates: Sequence[ParsedCertificate]
    by_name: Mapping[str, list[ParsedCertificate]]
    may_issue: bool


def known_servers(
    tree: Tree, path: str, certificates: Sequence[ParsedCertificate], servers: Sequence[NamedServer]
) -> tuple[KnownServer, ...]:
    """Return for each server whether `certificates`, those of the CA file at `path`, vouch for it."""
    if not servers:
        return ()
    by_name: defaultdict[str, list[ParsedCertificate]] = defaultdict(list)
    for certificate in certificates:
        for name in certificate.names:
            by_name[name].append(certificate)
    own = {x509.normal(server.certified) for server in servers}
    may_issue = any(each.authority and not each.names & own for each in certificates)
    file = _CaFile(path, certificates, by_name, may_issue)
    return tuple(_known(tree, file, server) for server in servers)


def _known(tree: Tree, file: _CaFile, server: NamedServer) -> KnownServer:
    name = x509.normal(server.certified)
    named = file.by_name.get(name) or file.by_name.get(f"*.{name.partition('.')[2]}")
    if named:
        return KnownServer("named", max((each.seen for each in named), key=lambda each: each.not_after))
    own = _beside(tree, file.path, server.certified)
    if own is not None:
        return KnownServer("issued" if _leads_to_root(own, file.certificates) else "not issued", own.seen)
    return KnownServer("unknown" if file.may_issue else "absent")


def _beside(tree: Tree, path: str, name: str) -> ParsedCertificate | None:
    """Return the server's own certificate where it lies beside the CA file."""
    if "/" in name:
        return None
    for pattern in _BESIDE:
        beside = os.path.join(os.path.dirname(path), pattern.format(name))
        try:
            found = x509.read_certificates(read(tree, beside, x509.MAX_BYTES + 1)) if beside != path else None
        except OSError:
            continue
        if found and found.certificates:
            return found.certificates[0]
    return None


def _leads_to_root(certificate: ParsedCertificate, issuers: Sequence[ParsedCertificate]) -> bool:
    """Return whether a chain of `issuers` leads from the certificate to one that issued itself, as OpenSSL wants it."""
    by_subject: defaultdict[bytes, list[ParsedCertificate]] = defaultdict(list)
    for issuer in issuers:
        by_subject[issuer.subject].append(issuer)
    left, current = _MAX_SIGNATURES, certificate
    while left > 0:
        candidates = by_subject.get(current.issuer, [])[:left]
        left -= len(candidates)
        signers = [each for each in candidates if x509.issued(current.certificate, each.certificate)]
        if not signers:
            return False
        if any(each.subject == each.issuer for each in signers):
            return True
        current = signers[0]
    return False
