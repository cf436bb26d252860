"""CK4 and CK5: what they find besides the examples of their pages, and what they leave alone."""

from __future__ import annotations

import pytest

from confkit.core.syntax import parse
from confkit.lint.linter import lint
from confkit.lint.rules import network, security, strays

CANARY = "s3cr3t-canary-7719"
RULES = (*network.RULES, *security.RULES)
CERTIFICATES = " ClientCertFile = /c/app.pem;\n ClientPrivKeyFile = /c/appKey.pem;\n ServerCAFile = /c/CAFile.pem;\n"


def found(source: str) -> list[tuple[str, int, int, str]]:
    document = parse(source.encode())
    return [(each.code, each.line, each.column, each.severity) for each in lint(document, "x", RULES)]


def client(entries: str) -> str:
    return f"LunaSA Client = {{\n{entries}}}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            client(f" NetClient = 0;\n TCPKeepAlive = 0;\n{CERTIFICATES} ServerName00 = a;\n ServerPort00 = 1;\n"),
            [("CK404", 2, 14, "warning")],
        ),
        (
            client(f" NetClient = 1;\n TCPKeepAlive = 1;\n{CERTIFICATES} ServerPort00 = 1;\n"),
            [("CK401", 7, 2, "warning")],
        ),
        (
            client(
                f" NetClient = 1;\n TCPKeepAlive = 1;\n{CERTIFICATES} ServerName00 = A;\n ServerPort00 = 1;\n ServerName02 = a;\n ServerPort02 = 1;\n"
            ),
            [("CK402", 9, 2, "info"), ("CK403", 9, 17, "warning")],
        ),
        (
            client(" NetClient = 1;\n TCPKeepAlive = 1;\n ServerName00 = a;\n ServerPort00 = 1;\n"),
            [("CK411", 1, 1, "warning")],
        ),
        (client(" ClientCertFile = /c/a.pem;\n ClientPrivKeyFile = /c/a.pem;\n"), [("CK412", 3, 22, "info")]),
        ("[LunaSA Client]\nServerCAFile=/etc/CAFile.pem\n", [("CK416", 2, 14, "info")]),
        ("Chrystoki2 = {\n LibUNIX64 = /tmp/lib.so;\n}\n", [("CK415", 2, 14, "warning")]),
        (
            "Chrystoki2 = {\n LibUNIX64 = /l/libcklog2.so;\n}\nCkLog2 = {\n Enabled = 1;\n}\n",
            [("CK422", 2, 14, "warning"), ("CK503", 5, 12, "info")],
        ),
        ("GemEngine = {\n Engine2Init = 0:0:0:PassFile=/x;\n}\n", [("CK502", 2, 16, "warning")]),
        (f"REST = {{\n # AuthTokenClientSecret = {CANARY};\n}}\n", [("CK501", 2, 2, "warning")]),
        ("[misc]\nvalidatehost=0\n", [("CK504", 2, 14, "warning")]),
    ],
)
def test_findings(source: str, expected: list[tuple[str, int, int, str]]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        client(" NetClient = 0;\n"),  # no servers: a cloud client, or a PCIe card
        client(" ClientCertFile = client-certificate.pem;\n ClientPrivKeyFile = client-private-key.pem;\n"),
        client(" ClientCertFile = clientCertificate.pem;\n ClientPrivKeyFile = clientPrivateKey.pem;\n"),
        client(" ClientCertFile = NameCert.pem;\n ClientPrivKeyFile = NameKey.pem;\n HtlDir = /opt/htl/;\n"),
        "Chrystoki2 = {\n LibUNIX = /usr/lib/libCryptoki2_64.so;\n}\n",
        "REST = {\n AuthTokenClientSecret = ;\n}\n",
    ],
)
def test_what_is_shipped_and_works_is_left_alone(source: str) -> None:
    assert found(source) == []


def test_no_message_holds_a_secret() -> None:
    source = f"REST = {{\n AuthTokenClientSecret = {CANARY};\n # CVAppSpecificData = {CANARY};\n}}\n"
    diagnostics = lint(parse(source.encode()), "x", RULES)
    assert len(diagnostics) == 2
    assert CANARY not in repr(diagnostics)


def test_a_second_status_timeout_is_an_error_even_with_the_same_value() -> None:
    source = b"HAConfiguration = {\n statusTimeout = 5;\n statusTimeout = 5;\n HAOnly = 1;\n HAOnly = 1;\n}\n"
    found = [(each.code, each.line, each.severity) for each in lint(parse(source), "x", strays.RULES)]
    assert found == [("CK124", 3, "error"), ("CK124", 5, "warning")]
