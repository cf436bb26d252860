"""CK414 wrong-openssl-configuration: SSLConfigFile names the client's own configuration file."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (section("LunaSA Client", "SSLConfigFile = /etc/Chrystoki.conf"), [("CK414", 2, 19, "warning")]),
        (section("LunaSA Client", "SSLConfigFile = /etc/luna/crystoki.ini"), [("CK414", 2, 19, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "SSLConfigFile = /usr/safenet/lunaclient/bin/openssl.cnf"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK414" not in codes(text)
