"""Certificates, keys and shared libraries, made by the tests: as real as those of an appliance."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from testing.programs import unmet

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL
NOW = dt.datetime.now(dt.UTC)
SERVER_KEY = ec.generate_private_key(ec.SECP256R1())
CLIENT_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    name: str,
    key: PrivateKey = SERVER_KEY,
    *,
    issuer: tuple[x509.Certificate, PrivateKey] | None = None,
    begins: int = -1,
    ends: int = 365,
    alternative: tuple[str, ...] = (),
    authority: bool | None = False,
) -> x509.Certificate:
    """Return a certificate, self-signed unless it has an issuer; it begins and ends so many days from now.

    `authority` None leaves out whether it may issue others, as old certificates do.
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + dt.timedelta(days=begins))
        .not_valid_after(NOW + dt.timedelta(days=ends))
    )
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if alternative:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general(each) for each in alternative]), critical=False
        )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(PEM) for each in certificates)


def key_pem(key: PrivateKey, form: serialization.PrivateFormat = PKCS8, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(PEM, form, encryption)


def shared_library() -> Path:
    """Return a real shared library of this machine: the C library that this process runs on."""
    maps = Path("/proc/self/maps")
    found = re.search(r"/\S*/libc[.-]\S*so\S*", maps.read_text()) if maps.exists() else None
    if not found:
        unmet("needs /proc/self/maps with a C library in it")
    assert found
    return Path(found[0])
