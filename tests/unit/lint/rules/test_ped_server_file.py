"""CK215 ped-server-file: This is pedServer.conf, the file of the PED server, not of the client."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, client, codes, diagnose, section

APPLIANCES = "Appliances  = {\n   SSLConfigFile = /usr/bin/openssl.cnf;\n   ServerCAFile = /usr/cert/CAFile.pem\n}\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (APPLIANCES, "pedServer.conf"),
        (APPLIANCES, "/etc/pedServer.conf"),
        (APPLIANCES, "ped.conf"),
        ("Whatever = {\n  x = 1;\n}\n" + APPLIANCES, "PEDSERVER.CONF"),
        (section("Whatever", "ServerTimeout = 1"), "pedServer.conf"),
    ],
)
def test_the_file_of_the_ped_server_is_recognised_and_not_linted_as_the_clients(text: str, path: str) -> None:
    assert [(each.code, each.severity) for each in diagnose(text, path)] == [("CK215", "info")]


def test_its_layout_is_checked() -> None:
    assert codes(APPLIANCES + "}\n", "pedServer.conf") == ["CK215", "CK113"]


def test_its_section_in_the_clients_file_is_said_to_belong_there() -> None:
    seen = diagnose(LIBRARY + APPLIANCES.replace(".pem\n", ".pem;\n"))
    assert [each.code for each in seen] == ["CK201"]
    assert "belongs in pedServer.conf" in seen[0].message


def test_the_file_of_the_client_is_not_taken_for_it() -> None:
    assert "CK215" not in codes(client("ServerName00 = hsm1", "ServerPort00 = 1792"))
