"""Certificates and keys from PEM files, by the library cryptography (the extra `preflight`), imported when needed.

Messages never hold anything of a file's content, and the library's own words, which might, are dropped.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from confkit.preflight.pem import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.x509 import Certificate

MOST_BYTES = 1 << 26  # 64 MiB; ten thousand certificates take a quarter of it
_TOO_LARGE = "it is larger than 64 MiB"


class CertificateRead(NamedTuple):
    """The certificates of a file in order; `fault` says what is wrong with it, to follow its name in a sentence."""

    certificates: tuple[Certificate, ...]
    fault: str | None


class KeyRead(NamedTuple):
    """The private key of a file: its form, and its public half (DER) where the key is not encrypted."""

    form: str
    public: bytes | None
    encrypted: bool
    fault: str | None


def is_installed() -> bool:
    """Tell whether cryptography can be imported."""
    try:
        import cryptography.x509  # noqa: F401, PLC0415 - an optional dependency
    except ImportError:
        return False
    return True


def read_certificates(data: bytes) -> CertificateRead:
    """Return the certificates of a PEM file that does not exceed `MOST_BYTES`; never raises."""
    from cryptography import x509  # noqa: PLC0415 - an optional dependency

    if len(data) > MOST_BYTES:
        return CertificateRead((), _TOO_LARGE)
    found = [block.data for block in blocks(data) if block.is_certificate]
    certificates, broken = [], []
    for number, block in enumerate(found, 1):
        try:
            certificates.append(_whole(x509.load_pem_x509_certificate(block)))
        except ValueError:
            broken.append(number)
    if not found:
        return CertificateRead((), _nothing(data, "certificate"))
    if broken:
        which = "its certificate" if len(found) == 1 else f"certificate {broken[0]} of the {len(found)} in it"
        return CertificateRead(tuple(certificates), f"{which} does not parse")
    return CertificateRead(tuple(certificates), None)


def _whole(certificate: Certificate) -> Certificate:
    """Return the certificate, with those parts read that it otherwise reads when asked; ValueError when one is bad."""
    _ = certificate.subject, certificate.issuer, certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return certificate


def read_key(data: bytes) -> KeyRead:
    """Return the first private key of a PEM file that does not exceed `MOST_BYTES`; never raises."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an optional dependency
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    if len(data) > MOST_BYTES:
        return KeyRead("", None, encrypted=False, fault=_TOO_LARGE)
    block = next((block for block in blocks(data) if block.is_key), None)
    if block is None:
        return KeyRead("", None, encrypted=False, fault=_nothing(data, "private key"))
    if block.is_encrypted:
        return KeyRead(block.form, None, encrypted=True, fault=None)
    try:
        public = serialization.load_pem_private_key(block.data, None).public_key()
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return KeyRead(block.form, None, encrypted=False, fault=f"its private key ({block.form}) does not parse")
    return KeyRead(block.form, der, encrypted=False, fault=None)


def _nothing(data: bytes, wanted: str) -> str:
    """Say what a file holds in the place of what is wanted."""
    if not data.strip():
        return "it is empty"
    found = next(blocks(data), None)
    if found is not None:
        article = "a certificate" if found.is_certificate else "a private key" if found.is_key else "something else"
        return f"it holds {article} and no {wanted}"
    if data[:1] == b"\x30":  # an ASN.1 sequence
        return f"it holds no {wanted} in PEM form; it may be DER, which openssl turns into PEM"
    return f"it holds no {wanted} in PEM form"


def public_key_of(certificate: Certificate) -> bytes | None:
    """Return the public key of a certificate (DER); None for a kind of key that cryptography does not know."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an optional dependency
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    try:
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def names_of(certificate: Certificate) -> frozenset[str]:
    """Return the common names and alternative names of a certificate, as `normal` writes them."""
    return frozenset(normal(name) for name in (*_common_names(certificate), *_alternative_names(certificate)))


def normal(name: str) -> str:
    """Return a host name or an address in the one spelling that comparisons need."""
    bare = name.rstrip(".")
    return str(ip_address(bare)) if is_address(bare) else bare.lower()


def is_address(name: str) -> bool:
    """Tell whether a name is an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _common_names(certificate: Certificate) -> Iterator[str]:
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - an optional dependency

    attributes = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    yield from (attribute.value for attribute in attributes if isinstance(attribute.value, str))


def _alternative_names(certificate: Certificate) -> Iterator[str]:
    from cryptography import x509  # noqa: PLC0415 - an optional dependency

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return
    yield from names.get_values_for_type(x509.DNSName)
    yield from map(str, names.get_values_for_type(x509.IPAddress))


def is_authority(certificate: Certificate) -> bool:
    """Tell whether the certificate may issue others."""
    from cryptography import x509  # noqa: PLC0415 - an optional dependency

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False


def issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Tell whether `issuer` signed `certificate`."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
