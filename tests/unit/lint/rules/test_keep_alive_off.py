"""CK405 keep-alive-off: Servers are listed, but TCPKeepAlive is missing or 0."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, client, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (client("TCPKeepAlive = 0", "ServerName00 = hsm1", "ServerPort00 = 1792"), [("CK405", 6, 18, "info")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
        section("LunaSA Client", "NetClient = 0", "TCPKeepAlive = 0"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK405" not in codes(text)
