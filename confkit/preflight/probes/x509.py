"""Certificates and keys from PEM files, by the library cryptography (the extra `preflight`), imported when needed.

Whatever a parser raises on the bytes of a file is an answer: a fault of that file. That includes panics of
cryptography's Rust code, which are no `Exception`. Messages never hold anything of a file's content, and the library's
own words, which might, are dropped.
"""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from confkit.preflight.observations import CertificateSeen, KeySeen
from confkit.preflight.probes.pem import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.x509 import Certificate

    from confkit.preflight.probes.pem import PemBlock

MAX_BYTES = 1 << 26  # 64 MiB; ten thousand certificates take a quarter of it
TOO_LARGE = "it is larger than 64 MiB"
_Value = TypeVar("_Value")


class ParsedCertificate(NamedTuple):
    """A certificate with everything that is asked of it, read while errors are expected.

    `names` are its common and alternative names as `normal` writes them; `authority`: it may issue others; `subject`
    and `issuer` in DER. `complete` is False where its extensions cannot be read, so that names may be missing.
    """

    certificate: Certificate
    seen: CertificateSeen
    names: frozenset[str]
    authority: bool
    subject: bytes
    issuer: bytes
    complete: bool


class CertificatesRead(NamedTuple):
    """The certificates of a file in order; `fault` says what is wrong with it, to follow its name in a sentence."""

    certificates: tuple[ParsedCertificate, ...]
    fault: str | None


def is_installed() -> bool:
    """Return whether cryptography can be imported."""
    try:
        import cryptography.x509  # noqa: F401, PLC0415 - an optional dependency
    except ImportError:
        return False
    return True


def attempt(read: Callable[[], _Value]) -> _Value | None:
    """Return what `read` returns, None where it raises anything: it parses bytes from outside."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - pyo3's PanicException is not an Exception
        return None


def read_certificates(data: bytes) -> CertificatesRead:
    """Return the certificates of a PEM file of at most `MAX_BYTES`; never raises."""
    if len(data) > MAX_BYTES:
        return CertificatesRead((), TOO_LARGE)
    found = [block for block in blocks(data) if block.is_certificate]
    if not found:
        return CertificatesRead((), _found_instead(data, "certificate"))
    read = [attempt(lambda block=block: _parsed(block)) for block in found]  # type: ignore[misc]
    whole = tuple(each for each in read if each is not None)
    if len(whole) == len(found):
        return CertificatesRead(whole, None)
    which = "its certificate" if len(found) == 1 else f"certificate {read.index(None) + 1} of the {len(found)} in it"
    return CertificatesRead(whole, f"{which} does not parse")


def _parsed(block: PemBlock) -> ParsedCertificate:
    from cryptography import x509  # noqa: PLC0415 - an optional dependency

    certificate = x509.load_pem_x509_certificate(block.data)
    alternative = attempt(lambda: tuple(_alternative_names(certificate)))
    authority = attempt(lambda: _is_authority(certificate))
    return ParsedCertificate(
        certificate,
        CertificateSeen(
            attempt(lambda: _digest(certificate.public_key())),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        ),
        frozenset(normal(name) for name in (*_common_names(certificate), *(alternative or ()))),
        bool(authority),
        certificate.subject.public_bytes(),
        certificate.issuer.public_bytes(),
        complete=alternative is not None and authority is not None,
    )


def read_key(data: bytes) -> KeySeen:
    """Return the first private key of a PEM file of at most `MAX_BYTES`; never raises."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an optional dependency

    if len(data) > MAX_BYTES:
        return KeySeen("", None, encrypted=False, fault=TOO_LARGE)
    block = next((block for block in blocks(data) if block.is_key), None)
    if block is None:
        return KeySeen("", None, encrypted=False, fault=_found_instead(data, "private key"))
    if block.is_encrypted:
        return KeySeen(block.form, None, encrypted=True, fault=None)
    digest = attempt(lambda: _digest(serialization.load_pem_private_key(block.data, None).public_key()))
    fault = None if digest else f"its private key ({block.form}) does not parse"
    return KeySeen(block.form, digest, encrypted=False, fault=fault)


def _digest(public: PublicKeyTypes) -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an optional dependency

    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _found_instead(data: bytes, wanted: str) -> str:
    """Return what a file holds in the place of what is wanted, in words."""
    if not data.strip():
        return "it is empty"
    found = next(blocks(data), None)
    if found is not None:
        article = "a certificate" if found.is_certificate else "a private key" if found.is_key else "something else"
        return f"it holds {article} and no {wanted}"
    if data[:1] == b"\x30":  # an ASN.1 sequence
        return f"it holds no {wanted} in PEM form; it may be DER, which openssl turns into PEM"
    return f"it holds no {wanted} in PEM form"


def normal(name: str) -> str:
    """Return a host name or an address in the one spelling that comparisons need."""
    bare = name.rstrip(".")
    return str(ip_address(bare)) if is_address(bare) else bare.lower()


def is_address(name: str) -> bool:
    """Return whether a name is an IP address."""
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
    except x509.ExtensionNotFound:
        return
    yield from names.get_values_for_type(x509.DNSName)
    yield from map(str, names.get_values_for_type(x509.IPAddress))


def _is_authority(certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415 - an optional dependency

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether `issuer` signed `certificate`."""

    def verified() -> bool:
        certificate.verify_directly_issued_by(issuer)
        return True

    return attempt(verified) is True
