"""What a certificate file, a CA file or a key file holds, as the checks need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.preflight.observations import CertificatesSeen
from confkit.preflight.probes import x509
from confkit.preflight.probes.chain import known_servers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.preflight.named import NamedFile
    from confkit.preflight.probes.tree import Tree
    from confkit.preflight.probes.x509 import ParsedCertificate

MAX_BYTES = x509.MAX_BYTES
can_read = x509.is_installed
read_key = x509.read_key


def read_certificates(data: bytes) -> CertificatesSeen:
    """Return the certificates of a file that an application shows to its servers."""
    found, fault = x509.read_certificates(data)
    return CertificatesSeen(fault, _doubt(found), tuple(each.seen for each in found))


def read_authorities(tree: Tree, named: NamedFile, data: bytes) -> CertificatesSeen:
    """Return whether the CA file `named` vouches for its servers."""
    found, fault = x509.read_certificates(data)
    known = () if fault else known_servers(tree, named.path, found, named.servers)
    return CertificatesSeen(fault, _doubt(found), known=known)


def _doubt(found: Sequence[ParsedCertificate]) -> str | None:
    """Return what could not be read of certificates that are whole otherwise."""
    number = next((number for number, each in enumerate(found, 1) if not each.complete), None)
    return (
        None if number is None else f"the extensions of certificate {number} of the {len(found)} in it cannot be read"
    )
