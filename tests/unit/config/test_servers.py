"""Servers are added and removed with all their parts, and without a gap in their numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.config.servers import NewServer, added, removed
from confkit.core.errors import FileError, UsageError
from confkit.core.ha import servers_of
from confkit.core.syntax import parse
from testing.intents import configuration_files

TWO = b"""LunaSA Client = {
   ReceiveTimeout = 20000;
   ServerName00 = hsm-a.example; // first
   ServerPort00 = 1792;
   ServerHtl00 = 0;
   ServerName01 = hsm-b.example;
   ServerPort01 = 1793;
   ServerHtl01 = 1;
   NetClient = 1;
}
"""


def hosts(source: bytes) -> list[tuple[str | None, ...]]:
    return [
        (each.number, *(part.value if part else None for part in (each.name, each.port, each.htl)))
        for each in servers_of(parse(source))
    ]


def test_a_server_comes_under_the_next_number_with_all_its_parts() -> None:
    after = added(parse(TWO), NewServer("hsm-c.example", 1800, htl=True)).to_bytes()
    assert hosts(after)[-1] == ("02", "hsm-c.example", "1800", "1")
    assert hosts(after)[:2] == hosts(TWO)


def test_removing_closes_the_gap_and_touches_nothing_else() -> None:
    after = removed(parse(TWO), "HSM-A.example").to_bytes()
    assert hosts(after) == [("00", "hsm-b.example", "1793", "1")]
    assert b"   // first\n   ServerName00 = hsm-b.example;\n" in after
    assert after.endswith(b"   NetClient = 1;\n}\n")


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("hsm-a.example", 1792, "is in the file already"),
        ("HSM-A.EXAMPLE.", 1792, "is in the file already"),
        ("hsm-c:1792", 1792, "give hsm-c --port 1792"),
        ("[fe80::1]:1793", 1792, "give fe80::1 --port 1793"),
        ("[fe80::1]", 1792, "give fe80::1 --port 1792"),
        ("a b", 1792, "not a host name"),
        ("", 1792, "not a host name"),
        ("a;b", 1792, "not a host name"),
        ("https://a", 1792, "not a host name"),
        ("1.2.3", 1792, "not a host name"),
        ("hsm-c", 0, "from 1 to 65535"),
        ("hsm-c", 65536, "from 1 to 65535"),
    ],
)
def test_what_cannot_be_added(host: str, port: int, message: str) -> None:
    with pytest.raises(UsageError, match="Nothing was changed") as caught:
        added(parse(TWO), NewServer(host, port))
    assert message in str(caught.value)


@pytest.mark.parametrize("host", ["fe80::1", "::1", "10.0.0.1", "hsm_c", "a.b.c."])
def test_addresses_and_names_that_can_be_added(host: str) -> None:
    assert hosts(added(parse(TWO), NewServer(host)).to_bytes())[-1][1] == host


def test_a_gap_in_the_numbers_is_refused() -> None:
    document = parse(TWO.replace(b"01", b"02"))
    said = "server 02 follows a gap: there is none with the number 01"
    with pytest.raises(FileError, match=said):
        added(document, NewServer("x"))
    with pytest.raises(FileError, match=said):
        removed(document, "hsm-a.example")


def test_two_servers_with_one_number_are_refused() -> None:
    document = parse(TWO.replace(b"ServerName01", b"ServerName00"))
    with pytest.raises(FileError, match=r"duplicate ServerName00 \(lines 3, 6\)"):
        added(document, NewServer("x"))


def test_a_server_that_is_not_there_is_said_with_the_one_meant() -> None:
    with pytest.raises(UsageError, match=r"did you mean hsm-a\.example\?"):
        removed(parse(TWO), "hsm-a.exampel")


@given(configuration_files(), st.sampled_from(["hsm9", "10.0.0.9", "fe80::9"]))
def test_adding_and_removing_restores_the_bytes(source: bytes, host: str) -> None:
    document = parse(source)
    assert removed(added(document, NewServer(host)), host).to_bytes() == source
