"""CK413 file-is-a-directory: An entry for a file names a directory."""

from __future__ import annotations

import pytest

from confkit.lint.rules import network, security
from testing.linting import Row, client, codes, rows, section

RULES = (*network.RULES, *security.RULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (section("LunaSA Client", "ClientCertFile = /c/client/"), [("CK413", 2, 20, "warning")]),
        (client("ServerCAFile = /c/server/"), [("CK413", 6, 18, "warning")]),
    ],
)
def test_what_is_found_and_where(source: str, expected: list[Row]) -> None:
    assert rows(source, RULES, "x") == expected


@pytest.mark.parametrize(
    "text",
    [
        client("ClientCertFile = /usr/safenet/lunaclient/cert/client/app.pem"),
        client("ServerCAFile = /c.d/CAFile.pem"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK413" not in codes(text)
