"""Reading hostile certificates and keys: whatever the bytes, an answer and nothing of their content."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import serialization
from hypothesis import example, given
from hypothesis import strategies as st

from confkit.preflight.probes import x509
from confkit.preflight.probes.pem import blocks
from testing import pki

DER = pki.certificate("hsm1", alternative=("a.example", "192.0.2.1")).public_bytes(serialization.Encoding.DER)
KEY = pki.SERVER_KEY.private_bytes(serialization.Encoding.DER, pki.PKCS8, serialization.NoEncryption())
LABELS = [
    "CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "X",
]


def block(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


@st.composite
def changed(draw: st.DrawFn, der: bytes) -> bytes:
    """A certificate or key with some bytes changed, cut or added."""
    data = bytearray(der)
    for _ in range(draw(st.integers(0, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(len(data) // 2, len(data)))]) + draw(st.binary(max_size=3))


FILES = st.lists(
    st.one_of(
        st.builds(block, st.sampled_from(LABELS), st.one_of(changed(DER), changed(KEY), st.binary(max_size=20))),
        st.sampled_from(
            [b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----", b"-----BEGIN PRIVATE KEY-----\n"]
        ),
        st.binary(max_size=10),
    ),
    max_size=4,
).map(b"".join)


@given(FILES)
@example(block("CERTIFICATE", DER))
@example(block("PRIVATE KEY", KEY))
def test_any_bytes_are_read(data: bytes) -> None:
    certificates, fault = x509.read_certificates(data)
    assert certificates or fault
    for each in certificates:
        assert all(name == x509.normal(name) for name in each.names)
        assert x509.issued(each.certificate, each.certificate) in {True, False}
    read = x509.read_key(data)
    assert [read.public_key is not None, read.encrypted, read.fault is not None].count(True) == 1


def test_a_thousand_mutated_certificates_each_have_an_answer() -> None:
    """Every byte of a certificate, with one bit, its sign bit and all bits flipped: among them impossible versions."""
    for place in range(len(DER)):
        for mask in (0x01, 0x80, 0xFF):
            mutated = bytearray(DER)
            mutated[place] ^= mask
            read = x509.read_certificates(block("CERTIFICATE", bytes(mutated)))
            assert read.certificates or read.fault == "its certificate does not parse"


def test_a_certificate_of_an_impossible_version_is_a_fault() -> None:
    version = DER.index(bytes.fromhex("a003020102"))
    impossible = DER[: version + 4] + b"\x09" + DER[version + 5 :]
    assert x509.read_certificates(block("CERTIFICATE", impossible)).fault == "its certificate does not parse"


def test_extensions_that_cannot_be_read_leave_a_doubt() -> None:
    name = DER.index(b"a.example")
    broken = DER[:name] + b"\xff" + DER[name + 1 :]
    (certificate,) = x509.read_certificates(block("CERTIFICATE", broken)).certificates
    assert (certificate.complete, sorted(certificate.names)) == (False, ["hsm1"])


def test_a_panic_of_a_parser_is_an_answer_too() -> None:
    class PanicException(BaseException):
        pass

    def panic() -> None:
        raise PanicException

    assert x509.attempt(panic) is None


@given(FILES)
def test_blocks_are_pieces_of_the_file_in_order(data: bytes) -> None:
    end = 0
    for each in blocks(data):
        assert each.data.startswith(f"-----BEGIN {each.label}-----".encode())
        end = data.index(each.data, end) + len(each.data)


def test_a_hundred_thousand_blocks_without_an_end_are_read_in_one_pass() -> None:
    assert sum(1 for _ in blocks(b"-----BEGIN CERTIFICATE-----\n" * 100_000)) == 100_000


@given(st.text(max_size=30))
@example("::0001.")
def test_a_normal_name_stays_as_it_is(name: str) -> None:
    assert x509.normal(x509.normal(name)) == x509.normal(name)
