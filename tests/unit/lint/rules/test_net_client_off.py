"""CK404 net-client-off: Servers are listed, but NetClient is missing or 0."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, client, codes, rows

RULES = (*network.RULES, *security.RULES)
CERTIFICATES = " ClientCertFile = /c/app.pem;\n ClientPrivKeyFile = /c/appKey.pem;\n ServerCAFile = /c/CAFile.pem;\n"


def client_section(entries: str) -> str:
    return f"LunaSA Client = {{\n{entries}}}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            client_section(
                f" NetClient = 0;\n TCPKeepAlive = 0;\n{CERTIFICATES} ServerName00 = a;\n ServerPort00 = 1;\n"
            ),
            [("CK404", 2, 14, "warning")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "source",
    [
        client_section(" NetClient = 0;\n"),  # no servers: a cloud client, or a PCIe card
    ],
)
def test_what_is_shipped_and_works_is_left_alone(source: str) -> None:
    assert rows(source, RULES, "x") == []


def test_servers_that_are_listed_with_the_network_switched_off_are_one_warning() -> None:
    assert codes(client("NetClient = 0", "ServerName00 = hsm1", "ServerPort00 = 1792")) == ["CK404"]


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK404" not in codes(text)
