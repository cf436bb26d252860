"""CK411 missing-certificates."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, client, codes, rows

RULES = (*network.RULES, *security.RULES)


def client_section(entries: str) -> str:
    return f"LunaSA Client = {{\n{entries}}}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            client_section(" NetClient = 1;\n TCPKeepAlive = 1;\n ServerName00 = a;\n ServerPort00 = 1;\n"),
            [("CK411", 1, 1, "warning")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK411" not in codes(text)
