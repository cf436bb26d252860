"""CK214: what the client of a given version does not have."""

from __future__ import annotations

import pytest

from confkit.core.catalogue.versions import parse_version
from testing.linting import diagnose, section


@pytest.mark.parametrize(
    ("text", "version", "severity"),
    [
        (section("HAConfiguration", "statusTimeout = 10"), "10.4", "warning"),
        (section("HAConfiguration", "statusTimeout = 10"), "10.6.9", "warning"),
        (section("LunaSA Client", "LNHServer00 = hsm1"), "10.5", "warning"),
        (section("LunaSA Client", "TCPKeepAlive = 1"), "6.0", "warning"),
        (section("LunaSA Client", "HtlDir = /usr/htl"), "7.2.0", "info"),
        (section("LunaSA Client", "HtlDir = /usr/htl"), "10.9.3", "info"),
        (section("Misc", "RSAKeyGenMechRemap = 1"), "10.1", "warning"),
        (section("PedServer", "ServerCAFile = /ca.pem"), "6.2.0", "info"),
        (section("NBS", "NetServer = 1", "HostPort = 1792"), "7.2", "info"),
        (section("PTA", "HostPort = 1792"), "10", "info"),
    ],
)
def test_an_entry_that_is_newer_or_gone_is_one_finding(text: str, version: str, severity: str) -> None:
    found = [each for each in diagnose(text, client_version=version) if each.code == "CK214"]
    assert [each.severity for each in found] == [severity]
    assert f"client {version} does not have" in found[0].message


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (section("HAConfiguration", "statusTimeout = 10"), "10.7"),
        (section("HAConfiguration", "statusTimeout = 10"), "10.10"),
        (section("HAConfiguration", "statusTimeout = 10"), None),
        (section("LunaSA Client", "HtlDir = /usr/htl"), "6.2"),
        (section("NBS", "NetServer = 1"), "6.2.0"),
    ],
)
def test_an_entry_that_the_client_has_is_not(text: str, version: str | None) -> None:
    assert [each for each in diagnose(text, client_version=version) if each.code == "CK214"] == []


def test_versions_are_compared_as_numbers() -> None:
    assert parse_version("10.10") > parse_version("10.9.3") > parse_version("10.9") == parse_version("10.9.0")


@pytest.mark.parametrize("text", ["", "10.", "x", "10.4.1.2", "v10", "10,4", "-1", "10.4 "])
def test_what_is_no_version_is_an_error_that_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a client version\. Write it as 10\.4 or 10\.7\.2"):
        parse_version(text)
