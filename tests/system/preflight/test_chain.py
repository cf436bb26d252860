"""What the CA file knows of the servers: by name, by the chain, or not at all."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from testing import pki
from testing.host import Host

ROOT_KEY, MIDDLE_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
ROOT = pki.certificate("root", ROOT_KEY, authority=True)
MIDDLE = pki.certificate("middle", MIDDLE_KEY, issuer=(ROOT, ROOT_KEY), authority=True)
SERVER = pki.certificate("appliance", issuer=(MIDDLE, MIDDLE_KEY))
ABSENT = ("CKP28", "error", "ServerName00")
UNTOLD = ("CKP28", "warning", "ServerName00")


def with_server(host: Host, name: str, *certificates: x509.Certificate) -> list[tuple[str, str, str | None]]:
    host.sections["LunaSA Client"]["ServerName00"] = name
    host.write("CAFile.pem", pki.pem(*certificates))
    return host.found()


@pytest.mark.parametrize(
    ("name", "common", "alternative"),
    [
        ("hsm1.example", "hsm1.example", ()),
        ("HSM1.Example.", "hsm1.example", ()),
        ("hsm1.example", "Luna", ("hsm1.example",)),
        ("hsm1.example", "Luna", ("other.example", "*.example")),
        ("192.0.2.7", "192.0.2.7", ()),
        ("192.0.2.7", "Luna", ("192.0.2.7",)),
        ("2001:DB8:0::1", "Luna", ("2001:db8::1",)),
    ],
)
def test_a_server_is_known_by_name(host: Host, name: str, common: str, alternative: tuple[str, ...]) -> None:
    assert with_server(host, name, pki.certificate("another"), pki.certificate(common, alternative=alternative)) == []


@pytest.mark.parametrize("alternative", [("*.example",), ("x.hsm1.example",), ("example",)])
def test_a_name_that_does_not_fit_is_not_taken(host: Host, alternative: tuple[str, ...]) -> None:
    assert with_server(host, "a.hsm1.example", pki.certificate("Luna", alternative=alternative)) == [ABSENT]


def test_a_wrong_ca_file_is_an_error_at_the_server_it_lacks(host: Host) -> None:
    for authority in (False, None):
        assert with_server(host, "hsm1.example", pki.certificate("hsm2.example", authority=authority)) == [ABSENT]
    assert "holds no certificate of hsm1.example" in host.message("CKP28")


def test_each_server_is_looked_for(host: Host) -> None:
    host.sections["LunaSA Client"]["ServerName01"] = "hsm2.example"
    host.write("CAFile.pem", pki.pem(pki.certificate("hsm1.example", authority=True)))
    assert host.found() == [("CKP28", "error", "ServerName01")]  # another server's own certificate is no authority


def test_a_server_named_by_address_is_a_warning(host: Host) -> None:
    assert with_server(host, "192.0.2.7", pki.certificate("hsm1")) == [UNTOLD]


def test_an_authority_without_the_server_s_certificate_leaves_it_open(host: Host) -> None:
    assert with_server(host, "appliance", MIDDLE, ROOT) == [UNTOLD]
    assert "and perhaps none of its issuer" in host.message("CKP28")


@pytest.mark.parametrize("beside", ["applianceCert.pem", "appliance.pem"])
def test_a_chain_that_leads_to_a_root(host: Host, beside: str) -> None:
    host.write(beside, pki.pem(SERVER))
    assert with_server(host, "appliance", pki.certificate("x"), MIDDLE, ROOT) == []


def test_a_chain_that_does_not(host: Host) -> None:
    host.write("appliance.pem", pki.pem(SERVER))
    impostor = pki.certificate("middle", ROOT_KEY, authority=True)
    for authorities in ([MIDDLE], [ROOT], [impostor, ROOT], [pki.certificate("x")]):
        assert with_server(host, "appliance", *authorities) == [ABSENT]
    assert "no chain in the CA file" in host.message("CKP28")


def test_a_chain_that_goes_in_a_circle_comes_to_an_end(host: Host) -> None:
    one = pki.certificate("one", ROOT_KEY, issuer=(pki.certificate("two", MIDDLE_KEY), MIDDLE_KEY), authority=True)
    two = pki.certificate("two", MIDDLE_KEY, issuer=(one, ROOT_KEY), authority=True)
    host.write("appliance.pem", pki.pem(pki.certificate("appliance.internal", issuer=(one, ROOT_KEY))))
    assert with_server(host, "appliance", one, two) == [ABSENT]


def test_a_certificate_that_lies_beside_and_in_the_file_is_its_own_root(host: Host) -> None:
    own = pki.certificate("Luna")
    host.write("192.0.2.7Cert.pem", pki.pem(own))
    assert with_server(host, "192.0.2.7", own) == []


def test_what_lies_beside_may_be_no_certificate(host: Host) -> None:
    host.write("applianceCert.pem", b"garbage")
    assert with_server(host, "appliance", pki.certificate("x")) == [ABSENT]


def test_a_name_with_a_slash_opens_no_file(host: Host) -> None:
    host.write("hsm.pem", pki.pem(SERVER))
    assert with_server(host, f"../{host.folder.name}/hsm", MIDDLE, ROOT) == [UNTOLD]


@pytest.mark.parametrize(("ends", "code"), [(-1, "CKP25"), (3, "CKP27")])
def test_the_validity_of_what_speaks_for_a_server(host: Host, ends: int, code: str) -> None:
    expired = pki.certificate("hsm1.example", begins=-9, ends=-2)
    old = pki.certificate("hsm1.example", begins=-9, ends=ends)
    severity = "error" if code == "CKP25" else "warning"
    assert with_server(host, "hsm1.example", old, expired) == [(code, severity, "ServerName00")]
    assert f"certificate of hsm1.example in {host.path('CAFile.pem')}" in host.message(code)
    assert with_server(host, "hsm1.example", expired, pki.certificate("hsm1.example"), old) == []
    host.write("appliance.pem", pki.pem(pki.certificate("x", issuer=(ROOT, ROOT_KEY), begins=-9, ends=ends)))
    assert with_server(host, "appliance", ROOT) == [(code, severity, "ServerName00")]


def test_a_file_that_does_not_parse_is_not_judged_for_its_servers(host: Host) -> None:
    host.write("CAFile.pem", b"garbage")
    assert host.found() == [("CKP21", "error", "ServerCAFile")]


def test_ten_thousand_certificates(host: Host) -> None:
    kinds = [pki.certificate(f"other{number}.example", alternative=(f"o{number}",)) for number in range(100)]
    many = pki.pem(*kinds) * 100
    host.write("CAFile.pem", many + pki.pem(pki.certificate("hsm1.example")))
    for number in range(1, 64):
        host.sections["LunaSA Client"][f"ServerName{number:02}"] = f"other{number}.example"
    assert host.found() == []
    host.write("CAFile.pem", many)
    assert host.found() == [ABSENT]


def test_ten_thousand_issuers_of_one_name_are_not_all_tried(host: Host) -> None:
    impostor = pki.certificate("middle", ROOT_KEY, authority=True)
    host.write("appliance.pem", pki.pem(SERVER))
    host.sections["LunaSA Client"]["ServerName00"] = "appliance"
    host.write("CAFile.pem", pki.pem(impostor) * 10_000 + pki.pem(MIDDLE, ROOT))
    assert host.found() == [ABSENT]
