"""CK401 incomplete-server: A server has a name and no port, or a port and no name."""

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
            client_section(f" NetClient = 1;\n TCPKeepAlive = 1;\n{CERTIFICATES} ServerPort00 = 1;\n"),
            [("CK401", 7, 2, "warning")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
        client("ServerName00 = hsm1", "ServerPort00 = 1792", "ServerName01 = hsm2", "ServerPort01 = 1792"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK401" not in codes(text)
