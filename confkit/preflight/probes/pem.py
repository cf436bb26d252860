"""The blocks of a PEM file (RFC 7468), whatever is between them; linear in the size of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_FORMS = {
    "PRIVATE KEY": "PKCS#8",
    "ENCRYPTED PRIVATE KEY": "PKCS#8",
    "RSA PRIVATE KEY": "PKCS#1",
    "EC PRIVATE KEY": "SEC 1",
    "OPENSSH PRIVATE KEY": "OpenSSH",
}


class PemBlock(NamedTuple):
    """One block: its label, and its bytes with both boundaries, or up to the next block where its end is missing."""

    label: str
    data: bytes

    @property
    def is_certificate(self) -> bool:
        """Whether it is a certificate; the other two labels are those of old versions of OpenSSL."""
        return self.label in {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}

    @property
    def is_key(self) -> bool:
        """Whether it is a private key, encrypted or not."""
        return self.label.endswith("PRIVATE KEY")

    @property
    def form(self) -> str:
        """The form of a private key, as its documents call it: PKCS#8, PKCS#1 (RSA), SEC 1 (EC)."""
        return _FORMS.get(self.label, self.label)

    @property
    def is_encrypted(self) -> bool:
        """Whether it is an encrypted key, of PKCS#8 or of the older kind (RFC 1421)."""
        return self.label == "ENCRYPTED PRIVATE KEY" or b"Proc-Type: 4,ENCRYPTED" in self.data


def blocks(data: bytes) -> Iterator[PemBlock]:
    """Yield the blocks of a file in order."""
    begins = list(_BEGIN.finditer(data))
    for number, begin in enumerate(begins, 1):
        limit = begins[number].start() if number < len(begins) else len(data)
        boundary = b"-----END " + begin[1] + b"-----"
        end = data.find(boundary, begin.end(), limit)
        yield PemBlock(begin[1].decode(), data[begin.start() : limit if end < 0 else end + len(boundary)])
