"""What a CA file knows of the servers whose certificates it has to vouch for: by name, or by the chain of issuers."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.preflight import x509
from confkit.preflight.tree import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cryptography.x509 import Certificate

    from confkit.preflight.entries import Server
    from confkit.preflight.tree import Tree

_MOST_SIGNATURES = 64  # to verify for one server; a hostile file may hold ten thousand issuers of one name
# Where vtl is recalled to leave an appliance's certificate; no text read says so, and its absence means nothing.
_BESIDE = ("{}Cert.pem", "{}.pem")

Verdict = Literal["named", "issued", "not issued", "absent", "untold"]


class Known(NamedTuple):
    """What the file knows of a server, and the certificate that this was told from.

    `untold`: no certificate has its name, but one may have issued it, and the server's own is not at hand.
    """

    server: Server
    verdict: Verdict
    certificate: Certificate | None = None


class _Vouching(NamedTuple):
    """A CA file: its path, what is in it, by name too, and whether one of them may have issued others."""

    path: str
    certificates: Sequence[Certificate]
    by_name: Mapping[str, list[Certificate]]
    may_issue: bool


def known(tree: Tree, path: str, certificates: Sequence[Certificate], servers: Sequence[Server]) -> tuple[Known, ...]:
    """Return what `certificates`, those of the CA file at `path`, know of each server."""
    if not servers:
        return ()
    by_name: defaultdict[str, list[Certificate]] = defaultdict(list)
    for certificate in certificates:
        for name in x509.names_of(certificate):
            by_name[name].append(certificate)
    own = {x509.normal(server.certified) for server in servers}
    may_issue = any(x509.is_authority(each) and not x509.names_of(each) & own for each in certificates)
    vouching = _Vouching(path, certificates, by_name, may_issue)
    return tuple(_known(tree, vouching, server) for server in servers)


def _known(tree: Tree, vouching: _Vouching, server: Server) -> Known:
    name = x509.normal(server.certified)
    named = vouching.by_name.get(name) or vouching.by_name.get(f"*.{name.partition('.')[2]}")
    if named:
        return Known(server, "named", max(named, key=lambda each: each.not_valid_after_utc))
    own = _beside(tree, vouching.path, server.certified)
    if own is not None:
        return Known(server, "issued" if _leads_to_root(own, vouching.certificates) else "not issued", own)
    return Known(server, "untold" if vouching.may_issue else "absent")


def _beside(tree: Tree, path: str, name: str) -> Certificate | None:
    """Return the server's own certificate where it lies beside the CA file."""
    if "/" in name:
        return None
    for pattern in _BESIDE:
        beside = os.path.join(os.path.dirname(path), pattern.format(name))
        try:
            found = x509.read_certificates(read(tree, beside, x509.MOST_BYTES)) if beside != path else None
        except OSError:
            continue
        if found and found.certificates:
            return found.certificates[0]
    return None


def _leads_to_root(certificate: Certificate, issuers: Sequence[Certificate]) -> bool:
    """Tell whether a chain of `issuers` leads from the certificate to one that issued itself, as OpenSSL wants it."""
    by_subject: defaultdict[bytes, list[Certificate]] = defaultdict(list)
    for issuer in issuers:
        by_subject[issuer.subject.public_bytes()].append(issuer)
    left, current = _MOST_SIGNATURES, certificate
    while left > 0:
        candidates = by_subject.get(current.issuer.public_bytes(), [])[:left]
        left -= len(candidates)
        signers = [each for each in candidates if x509.issued(current, each)]
        if not signers:
            return False
        if any(each.subject == each.issuer for each in signers):
            return True
        current = signers[0]
    return False
