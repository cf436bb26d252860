"""CK501 secret-in-file: The file contains a secret."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, codes, rows, section

RULES = (*network.RULES, *security.RULES)
CANARY = "s3cr3t-canary-7719"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"REST = {{\n # AuthTokenClientSecret = {CANARY};\n}}\n", [("CK501", 2, 2, "warning")]),
        (f"REST = {{\n AuthTokenClintSecret = {CANARY};\n}}\n", [("CK501", 2, 2, "warning")]),
        (f"Misc = {{\n DbPassword = {CANARY};\n}}\n", [("CK501", 2, 2, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "source",
    [
        "REST = {\n AuthTokenClientSecret = ;\n}\n",
        "Misc = {\n DbPassword = 0;\n PrivateKey = /etc/luna/key.pem;\n}\n",
    ],
)
def test_what_is_shipped_and_works_is_left_alone(source: str) -> None:
    assert rows(source, RULES, "x") == []


@pytest.mark.parametrize(
    "text",
    [
        section("REST", "RestClient = 1", "AuthTokenClientId = 1"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK501" not in codes(text)
