"""Nothing is said of what is switched off."""

from __future__ import annotations

import pytest

from testing.linting import client, codes, section

OFF = ("NetClient = 0", "ClientCertFile = /c/new.pem", "ClientPrivKeyFile = /c/oldKey.pem", "ServerCAFile = /c/")


def test_nothing_is_said_of_certificates_that_are_not_used() -> None:
    on = section("LunaSA Client", "NetClient = 1", *OFF[1:])
    assert set(codes(on)) == {"CK412", "CK413"}
    assert codes(section("LunaSA Client", *OFF)) == []


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "NetClient = 0", "SSLConfigFile = /etc/Chrystoki.conf"),
        section("LunaSA Client", "NetClient = 0", "ServerCAFile = /tmp/CAFile.pem"),
        section("LunaSA Client", "NetClient = 0", "TCPKeepAlive = 0"),
        section("CkLog2", "Enabled = 0", "LibUNIX64 = /tmp/libCryptoki2_64.so"),
        section("REST", "RestClient = 0", r"SSLClientSideVerifyFile = C:\x.pem"),
        section("HAConfiguration", "haLogStatus = disabled", "logLen = 10"),
        client("NetClient = 0"),
    ],
)
def test_nor_of_anything_else_in_a_section_that_is_switched_off(text: str) -> None:
    assert codes(text) == []
