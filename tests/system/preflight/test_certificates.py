"""Certificates and keys: each fault has its own message, at the line of the entry that names the file."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from confkit.preflight.probes.look import PreflightSettings
from testing import pki
from testing.host import OFFLINE, Host

OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())


def test_nothing_is_found_where_nothing_is_wrong(host: Host) -> None:
    assert host.found() == []


@pytest.mark.parametrize(
    ("begins", "ends", "code", "severity", "words"),
    [
        (-10, -1, "CKP25", "error", "expired on"),
        (1, 365, "CKP26", "error", "is not valid before"),
        (-10, 29, "CKP27", "warning", "expires on"),
    ],
    ids=["expired", "early", "soon"],
)
def test_validity(host: Host, begins: int, ends: int, code: str, severity: str, words: str) -> None:
    host.write("client.pem", pki.pem(pki.certificate("client", pki.CLIENT_KEY, begins=begins, ends=ends)))
    assert host.found() == [(code, severity, "ClientCertFile")]
    assert host.message(code).startswith(f"the certificate {host.path('client.pem')} {words} 2")


def test_the_days_of_warning_are_an_option(host: Host) -> None:
    host.write("client.pem", pki.pem(pki.certificate("client", pki.CLIENT_KEY, ends=29)))
    assert host.found(OFFLINE._replace(warn_days=20)) == []
    assert "in 28 days" in host.message("CKP27", OFFLINE._replace(warn_days=60))


def test_a_finding_stands_at_the_value_that_names_the_file(host: Host) -> None:
    host.write("client.pem", b"")
    (finding,) = host.look().diagnostics
    line = host.config().read_text().splitlines()[finding.line - 1]
    assert line[finding.column - 1 : finding.end_column - 1] == host.path("client.pem")
    assert (finding.section, finding.url.endswith("/rules/CKP21/")) == ("LunaSA Client", True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\x00\xffgarbage", "it holds no certificate in PEM form"),
        (b"\x30\x82\x01", "it may be DER"),
        (pki.key_pem(CURVE_KEY), "it holds a private key and no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "its certificate does not parse"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA", "its certificate does not parse"),
        (b"-----BEGIN DH PARAMETERS-----\nAAAA", "it holds something else and no certificate"),
        (
            pki.pem(pki.certificate("a")) + b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            "certificate 2 of the 2 in it",
        ),
    ],
)
@pytest.mark.parametrize("key", ["ClientCertFile", "ServerCAFile"])
def test_a_malformed_certificate_file(host: Host, data: bytes, words: str, key: str) -> None:
    host.write("bad.pem", data)
    host.sections["LunaSA Client"][key] = host.path("bad.pem")
    assert words in host.message("CKP21")
    assert ("CKP21", "error", key) in host.found()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"garbage", "it holds no private key in PEM form"),
        (pki.pem(pki.certificate("a")), "it holds a certificate and no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "its private key (PKCS#8) does not parse"),
        (
            b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            "its private key (PKCS#1) does not parse",
        ),
        (b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n", "its private key (SEC 1) does not parse"),
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            "its private key (OpenSSH) does not parse",
        ),
    ],
)
def test_a_malformed_key(host: Host, data: bytes, words: str) -> None:
    host.write("clientKey.pem", data, 0o600)
    assert host.found() == [("CKP22", "error", "ClientPrivKeyFile")]
    assert words in host.message("CKP22")


def test_a_key_of_openssh_is_no_key_for_the_client(host: Host) -> None:
    host.write("clientKey.pem", pki.key_pem(pki.CLIENT_KEY, serialization.PrivateFormat.OpenSSH), 0o600)
    assert host.found() == [("CKP22", "error", "ClientPrivKeyFile")]


@pytest.mark.parametrize(("form", "word"), [(pki.PKCS8, "PKCS#8"), (pki.PKCS1, "PKCS#1")])
def test_a_key_fits_or_not_in_either_form(host: Host, form: serialization.PrivateFormat, word: str) -> None:
    host.write("clientKey.pem", pki.key_pem(pki.CLIENT_KEY, form), 0o600)
    assert host.found() == []
    host.write("clientKey.pem", pki.key_pem(OTHER_KEY, form), 0o600)
    assert host.found() == [("CKP24", "error", "ClientPrivKeyFile")]
    assert f"({word}) does not belong to the certificate of ClientCertFile" in host.message("CKP24")


@pytest.mark.parametrize(("form", "word"), [(pki.PKCS8, "PKCS#8"), (pki.PKCS1, "PKCS#1")])
def test_an_encrypted_key_is_told_and_no_fault(host: Host, form: serialization.PrivateFormat, word: str) -> None:
    host.write("clientKey.pem", pki.key_pem(OTHER_KEY, form, b"a password"), 0o600)
    assert host.found() == [("CKP23", "info", "ClientPrivKeyFile")]
    assert f"is encrypted ({word})" in host.message("CKP23")


def test_curve_keys_and_text_round_the_blocks(host: Host) -> None:
    certificate = pki.certificate("client", CURVE_KEY)
    host.write("client.pem", b"subject=CN = client\n" + pki.pem(certificate) + b"trailing text\n")
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    host.write("clientKey.pem", parameters + pki.key_pem(CURVE_KEY, pki.PKCS1), 0o600)
    assert host.found() == []


def test_key_and_certificate_in_one_file(host: Host) -> None:
    host.write("client.pem", pki.pem(host.client) + pki.key_pem(pki.CLIENT_KEY), 0o600)
    host.sections["LunaSA Client"]["ClientPrivKeyFile"] = host.path("client.pem")
    assert host.found() == []


def test_of_several_certificates_the_first_is_the_client_s(host: Host) -> None:
    old = pki.certificate("client", CURVE_KEY, ends=-1)
    host.write("client.pem", pki.pem(host.client, old))
    assert host.found() == []
    host.write("client.pem", pki.pem(pki.certificate("client", CURVE_KEY), host.client))
    assert "it belongs to a later one in that file" in host.message("CKP24")


def test_a_key_of_another_kind_does_not_fit(host: Host) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    host.write("clientKey.pem", key.private_bytes(pki.PEM, pki.PKCS8, serialization.NoEncryption()), 0o600)
    assert host.found() == [("CKP24", "error", "ClientPrivKeyFile")]


def test_a_kind_of_key_that_nobody_knows_is_not_compared(host: Host) -> None:
    der = pki.certificate("client", CURVE_KEY).public_bytes(serialization.Encoding.DER)
    unknown = der.replace(bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a8648ce3d027f"))
    host.write(
        "client.pem", b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(unknown) + b"-----END CERTIFICATE-----\n"
    )
    assert host.found() == []


def test_a_key_without_a_certificate_entry_is_read_all_the_same(host: Host) -> None:
    del host.sections["LunaSA Client"]["ClientCertFile"]
    assert host.found() == []
    host.write("clientKey.pem", b"", 0o600)
    assert host.found() == [("CKP22", "error", "ClientPrivKeyFile")]


def test_a_certificate_of_an_impossible_version_is_a_finding(host: Host) -> None:
    der = bytearray(host.client.public_bytes(serialization.Encoding.DER))
    der[der.index(bytes.fromhex("a003020102")) + 4] = 9
    text = base64.encodebytes(bytes(der)).decode()
    host.write("client.pem", f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n".encode())
    assert host.found() == [("CKP21", "error", "ClientCertFile")]


def test_extensions_that_cannot_be_read_are_a_warning(host: Host) -> None:
    der = pki.certificate("hsm1.example", alternative=("a.example",)).public_bytes(serialization.Encoding.DER)
    text = base64.encodebytes(der.replace(b"a.example", b"\xff.example")).decode()
    host.write("CAFile.pem", f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n".encode())
    assert host.found() == [("CKP21", "warning", "ServerCAFile")]
    assert host.message("CKP21").endswith("the extensions of certificate 1 of the 1 in it cannot be read")


def test_a_file_that_is_too_large_is_not_parsed(host: Host) -> None:
    for name, code in (("client.pem", "CKP21"), ("clientKey.pem", "CKP22")):
        with open(host.path(name), "r+b") as file:
            file.truncate((1 << 26) + 1)  # a hole: it takes no room
        assert "larger than 64 MiB" in host.message(code)


def test_the_clock_of_the_findings_is_utc(host: Host) -> None:
    ends = pki.NOW + dt.timedelta(days=-2)
    host.write("client.pem", pki.pem(pki.certificate("client", pki.CLIENT_KEY, begins=-9, ends=-2)))
    assert f"expired on {ends:%Y-%m-%d %H:%M} UTC" in host.message("CKP25")


def test_the_files_of_a_cloud_service_and_of_a_cluster(host: Host) -> None:
    host.write("old.pem", pki.pem(pki.certificate("service", begins=-9, ends=-2)))
    host.sections["REST"] = {"SSLClientSideVerifyFile": host.path("old.pem")}
    host.sections["XTC"] = {"PartitionCAPath": host.path("none.pem"), "PartitionCertPath00": host.path("old.pem")}
    host.sections["LunaSA Client"] |= {
        "LNHServer03": "entry.example",
        "LNHServerCN03": "cluster.example",
        "LNHServerClientCert03": host.path("client.pem"),
        "LNHServerClientKey03": host.path("clientKey.pem"),
        "LNHServerCAFile03": host.path("CAFile.pem"),
    }
    assert host.found() == [
        ("CKP28", "error", "LNHServer03"),
        ("CKP25", "error", "SSLClientSideVerifyFile"),
        ("CKP01", "error", "PartitionCAPath"),
        ("CKP25", "error", "PartitionCertPath00"),
    ]
    host.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example"), pki.certificate("cluster.example")))
    host.sections["REST"]["RestClient"] = "0"
    host.sections["XTC"]["Enabled"] = "0"
    assert host.found() == []


def test_what_is_switched_off_is_not_looked_at(host: Host) -> None:
    host.sections["LunaSA Client"] |= {
        "NetClient": "0",
        "ClientCertFile": host.path("none.pem"),
        "ServerName00": "nobody",
    }
    assert host.found() == []


def test_an_empty_value_names_no_file(host: Host) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = ""
    assert host.found() == []


def test_a_quoted_path_is_looked_at(host: Host) -> None:
    host.sections["LunaSA Client"]["ClientCertFile"] = f'"{host.path("none.pem")}"'
    assert host.found() == [("CKP01", "error", "ClientCertFile")]


def test_settings_have_the_documented_defaults() -> None:
    assert PreflightSettings() == PreflightSettings(None, None, 3.0, 30, offline=False)
