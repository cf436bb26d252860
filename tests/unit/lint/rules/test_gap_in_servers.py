"""CK402 gap-in-servers: The numbers of the servers do not run from 00 without a gap."""

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
                f" NetClient = 1;\n TCPKeepAlive = 1;\n{CERTIFICATES} ServerName00 = A;\n ServerPort00 = 1;\n ServerName02 = a;\n ServerPort02 = 1;\n"
            ),
            [("CK402", 9, 2, "info"), ("CK403", 9, 17, "warning")],
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
    assert "CK402" not in codes(text)
