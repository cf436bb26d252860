"""CK323 servers-without-group: Several appliances are listed, but there is no HA group."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import REST, group, groups
from testing.linting import Row, client, codes, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("LunaSA Client", "ServerName00 = a", "ServerName01 = b"), [("CK323", 1, 1, "info")]),
        (section("LunaSA Client", "ServerName00 = a"), []),
        (section("LunaSA Client", "ServerName00 = a", "ServerName01 ="), []),
        (section("LunaSA Client", "ServerName00 = a", "ServerName01 = b") + section("VirtualTokens", "x = 1"), []),
        (section("LunaSA Client", "ServerName00 = a", "ServerName01 = b", "VirtualToken00Label = c"), []),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ServerName00 = hsm1", "ServerPort00 = 1792"),
        client("ServerName00 = hsm1", "ServerName01 = hsm2") + groups(group()) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK323" not in codes(text)
