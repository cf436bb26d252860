"""CK412 mismatched-key-name."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, rows

RULES = (*network.RULES, *security.RULES)


def client_section(entries: str) -> str:
    return f"LunaSA Client = {{\n{entries}}}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (client_section(" ClientCertFile = /c/a.pem;\n ClientPrivKeyFile = /c/a.pem;\n"), [("CK412", 3, 22, "info")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "source",
    [
        client_section(" ClientCertFile = client-certificate.pem;\n ClientPrivKeyFile = client-private-key.pem;\n"),
        client_section(" ClientCertFile = clientCertificate.pem;\n ClientPrivKeyFile = clientPrivateKey.pem;\n"),
        client_section(" ClientCertFile = NameCert.pem;\n ClientPrivKeyFile = NameKey.pem;\n HtlDir = /opt/htl/;\n"),
    ],
)
def test_what_is_shipped_and_works_is_left_alone(source: str) -> None:
    assert rows(source, RULES, "x") == []
