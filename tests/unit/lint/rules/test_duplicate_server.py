"""CK403 duplicate-server: The same server is listed more than once."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, client, codes, rows

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            client("ServerName00 = hsm1", "ServerPort00 = 1792", "ServerName01 = HSM1", "ServerPort01 = 1792"),
            [("CK403", 9, 18, "warning")],
        ),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
        client("ServerName00 = hsm1", "ServerPort00 = 1792", "ServerName01 = hsm10", "ServerPort01 = 1792"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK403" not in codes(text)
