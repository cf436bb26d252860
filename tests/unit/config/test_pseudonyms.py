"""The copy for a support case: nothing of the site's own is in it, and it reads like the file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.config.pseudonyms import pseudonymous
from confkit.core.syntax import parse
from confkit.core.view import groups
from testing.intents import configuration_files
from testing.secrets import CANARY, files_with_a_secret

SOURCE = b"""# for acme by jane
Chrystoki2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so; // acme
   LibUNIX = /home/jane/lib/libCryptoki2.so;
}
LunaSA Client = {
   ServerName00 = hsm1.acme.example;
   ServerPort00 = 1792;
   ServerName01 = 10.9.8.7;
   ClientPrivKeyFile = /usr/safenet/lunaclient/cert/client/acme1Key.pem;
}
VirtualToken = {
   VirtualToken00Label = acme-payroll;
   VirtualToken00SN = 1154438865287;
   VirtualToken00Members = 154438865287, 154438865288;
}
HASynchronize = {
   acme-payroll = 1;
}
HAConfiguration = {
   acme-payrollStandbyMembers = 154438865288;
   statusTimeout = 10;
   HAOnly = acme;
}
Acme = {
   AcmeMode = acme;
}
REST = {
   AuthTokenClientSecret = acme-secret;
   AuthTokenConfigURI = https://acme.example/x;
   ServerName = hsm1.acme.example;
}
acme stray
"""


def test_nothing_of_the_site_is_in_the_copy() -> None:
    copy = pseudonymous(parse(SOURCE))
    assert not re.search(rb"acme|jane|15443886|10\.9\.8", copy, re.IGNORECASE)


def test_the_copy_reads_like_the_file() -> None:
    one, copy = parse(SOURCE), parse(pseudonymous(parse(SOURCE)))
    assert len(copy.lines) == len(one.lines)
    assert [len(section.entries) for section in copy.sections] == [len(section.entries) for section in one.sections]
    (group,) = groups(copy)
    assert group.label == "label-1"
    assert group.synchronize == "1"
    assert len(group.members) == 2
    assert group.standby == group.members[1:]
    assert copy.get("LunaSA Client", "ServerName00") == copy.get("REST", "ServerName") == "host-1"
    assert copy.get("HAConfiguration", "statusTimeout") == "10"
    assert copy.get("Chrystoki2", "LibUNIX64") == "/usr/safenet/lunaclient/lib/libCryptoki2_64.so"


@given(configuration_files())
def test_a_copy_has_every_line_of_the_file(source: bytes) -> None:
    copy = pseudonymous(parse(source))
    assert copy.count(b"\n") == source.count(b"\n")
    assert [section.name for section in parse(copy).sections] == [section.name for section in parse(source).sections]


@given(files_with_a_secret(), st.sampled_from(["Chrystoki.conf", "crystoki.ini"]))
def test_no_secret_is_in_the_copy(source: bytes, name: str) -> None:
    assert CANARY.encode() not in pseudonymous(parse(source, name))


@pytest.mark.parametrize("source", [b"", b"\n", b"\xff\xfe\x00", b"}\n{\n"])
def test_any_file_can_be_copied(source: bytes) -> None:
    assert len(pseudonymous(parse(source)).splitlines()) == len(source.splitlines())
