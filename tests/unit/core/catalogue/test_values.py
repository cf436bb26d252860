"""Values against the facts: what is a fault, how it is worded, and when it is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import EntryFacts, all_entries, entry_facts
from confkit.core.catalogue.values import ValueFault, expected, fault, limits

if TYPE_CHECKING:
    import ipaddress

ENTRIES = list(all_entries())


def facts_of(path: str) -> EntryFacts:
    facts = entry_facts(*path.split("/"))
    assert facts is not None
    return facts


def found(path: str, value: str) -> ValueFault | None:
    return fault(facts_of(path), value)


TIMEOUT = "must be a whole number of seconds from 3 to 60"


@pytest.mark.parametrize(
    ("value", "field", "certain"),
    [
        ("2", "minimum", False),  # the floor is this project's rule, no vendor text gives it
        ("-1", "minimum", False),
        ("61", "maximum", True),
        ("3.5", "type", True),
        ("abc", "type", True),
        ("10s", "type", True),
        ("1e9", "type", True),
        ("+5", "type", True),
        ("٣", "type", True),
        ("5 ", "type", True),
        ("-", "type", True),
    ],
)
def test_status_timeout_is_bounded(value: str, field: str, certain: bool) -> None:
    assert found("HAConfiguration/statusTimeout", value) == (TIMEOUT, field, certain)


@given(st.integers())
def test_a_number_is_no_fault_exactly_within_its_bounds(number: int) -> None:
    for facts in ENTRIES:
        if facts.type == "integer" and not facts.choices:
            below = facts.minimum is not None and number < facts.minimum
            above = facts.maximum is not None and number > facts.maximum
            assert (fault(facts, str(number)) is not None) == (below or above or len(str(abs(number))) > 19)


def test_a_number_beyond_64_bits_is_a_fault_that_says_so() -> None:
    for digits in (20, 5000):
        long = fault(facts_of("Luna/DefaultTimeOut"), "9" * digits)
        assert long is not None
        assert long.message == "must be a whole number of milliseconds, of at most 19 digits"
    assert fault(facts_of("Luna/DefaultTimeOut"), "9" * 19) is None


@pytest.mark.parametrize("facts", [facts_of("LunaSA Client/ServerPort00"), facts_of("REST/ServerPort")])
def test_a_port_is_one_to_65535(facts: EntryFacts) -> None:
    assert [value for value in ("1", "1792", "65535") if fault(facts, value)] == []
    for value in ("0", "65536", "-1", "http", "", "9" * 5000):
        assert fault(facts, value), value
    assert expected(facts) == "a port from 1 to 65535"


HOSTS = ("hsm1", "hsm-1.example.com", "hsm.example.", "10.0.0.1", "::1", "fe80::1%eth0", "luna_1", "a" * 63)
NO_HOSTS = (
    "a b",
    "10.0.0.256",
    "1.2.3",
    ":",
    "hsm:1792",
    "-hsm",
    "hsm..example",
    "<host>",
    "a" * 64,
    "é.example",
    "٣",
    ".",
)


@pytest.mark.parametrize(
    ("path", "good", "bad", "message"),
    [
        ("LunaSA Client/ServerName00", HOSTS, NO_HOSTS, "must be a host name or an IP address"),
        ("HAConfiguration/HAOnly", ("0", "1"), ("2", "yes", "01", "true"), "must be 0 or 1"),
        (
            "VirtualToken/VirtualToken00SN",
            ("11234840370164",),
            ("1a", "1,2", "-1", "٣"),
            "must be a serial number, digits only",
        ),
        (
            "VirtualToken/VirtualToken00Members",
            ("1", "1,2", "1, 2"),
            (",", "1,", "1,,2", "1, ,2"),
            "must be a list separated by commas, with no empty part",
        ),
        (
            "REST/AuthTokenConfigURI",
            ("https://token.example/.well-known", "http://[::1]:8080"),
            ("token.example", "https://", "https:///path", "://host", "1http://host", "https://a b", "https://?x"),
            "must be an address such as https://host.example",
        ),
        ("HAConfiguration/haLogStatus", ("enabled", "disabled"), ("Enabled", "1"), "must be enabled or disabled"),
        ("GemEngine/RecoveryLevel", ("0", "1", "2"), ("3", "x", "-1"), "must be 0, 1 or 2"),
        ("CkLog2/LoggingMask", ("ALL_FUNC", "OTHER"), (), ""),
        ("CardReader/LunaG5Slots", ("0", "3"), ("-1",), "must be a whole number from 0 upward"),
    ],
)
def test_the_values_of_each_type(path: str, good: tuple[str, ...], bad: tuple[str, ...], message: str) -> None:
    facts = facts_of(path)
    assert [value for value in good if fault(facts, value)] == []
    faults = [fault(facts, value) for value in bad]
    assert [one.message if one else None for one in faults] == [message] * len(bad)


@given(st.ip_addresses())
def test_every_ip_address_is_a_host(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert fault(facts_of("REST/ServerName"), str(address)) is None


def test_a_name_of_more_than_253_characters_is_no_host() -> None:
    name = ".".join(["a" * 49] * 5)
    assert fault(facts_of("REST/ServerName"), name) is None
    assert fault(facts_of("REST/ServerName"), name + ".abcd")


def test_an_empty_value_is_a_fault_except_where_files_with_it_are_shipped() -> None:
    empty = {facts.name for facts in ENTRIES if fault(facts, "") is None}
    assert empty == {"ServerHtl{NN}"}
    assert found("HAConfiguration/haLogPath", "") == ("must not be empty", "type", True)
    assert found("LunaSA Client/ServerHtl00", "2") == ("must be 0 or 1", "type", False)


def test_a_fault_is_certain_only_where_a_vendor_text_gives_the_fact() -> None:
    assert found("HAConfiguration/haLogStatus", "on") == ("must be enabled or disabled", "choices", False)
    assert found("HAConfiguration/HAOnly", "2") == ("must be 0 or 1", "type", True)
    assert found("CkLog2/Enabled", "2") == ("must be 0 or 1", "type", True)
    assert found("HAConfiguration/reconnAtt", "501") == ("must be a whole number from -1 to 500", "maximum", False)
    assert found("RBS/HostPort", "0") == ("must be a port from 1 to 65535", "type", False)


@given(st.sampled_from(ENTRIES), st.text(max_size=40))
def test_any_text_is_judged_by_the_facts_alone(facts: EntryFacts, value: str) -> None:
    one = fault(facts, value)
    if one is not None:
        assert one.field in {"type", "minimum", "maximum", "choices"}
        assert one.certain == (facts.evidence == "documented" and one.field not in facts.undocumented)
        # the value, which may be a secret, is never repeated
        allowed = {
            "must not be empty",
            f"must be {expected(facts)}",
            f"must be {expected(facts)}, of at most 19 digits",
        }
        assert one.message in allowed


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [(None, None, ""), (3, None, "from 3 upward"), (None, 9, "up to 9"), (3, 9, "from 3 to 9")],
)
def test_limits_in_words(minimum: int | None, maximum: int | None, words: str) -> None:
    facts = facts_of("Luna/DefaultTimeOut")._replace(minimum=minimum, maximum=maximum)
    assert limits(facts) == words
    assert expected(facts) == f"a whole number of milliseconds {words}".strip()
