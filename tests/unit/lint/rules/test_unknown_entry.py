"""CK202 unknown-entry: The section is not known to have an entry of this name."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Luna", "DefaultTimeuot = 500000"), [("CK202", 2, 3, "warning")]),
        (section("LunaSA Client", "ServerCAFile00 = /ca.pem"), [("CK202", 2, 3, "warning")]),
        (section("LunaSA Client", "ServerName = hsm1"), [("CK202", 2, 3, "warning")]),
        (section("LunaSA Client", "ServerName010 = hsm1"), [("CK202", 2, 3, "warning")]),
        (section("HAConfiguration", "AutoReconnectedInterval = 60"), [("CK202", 2, 3, "warning")]),
        (section("HAConfiguration", "HAAutoRecover = 1"), [("CK202", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("HASynchronize", "any-label_at.all = 1"),
        section("HAConfiguration", "paymentsStandbyMembers = 123"),
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[VirtualToken]\nVirtualToken00Label=Payments\n[HASynchronize]\nPAYMENTS=1\n", []),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            section("LunaSA Client", "ServerName = a"),
            "unknown entry ServerName in LunaSA Client: did you mean ServerName00?",
        ),
        (
            section("LunaSA Client", "ServerName010 = a"),
            "unknown entry ServerName010 in LunaSA Client: did you mean ServerName10?",
        ),
        (
            section("VirtualToken", "VirtualToken01Lable = a"),
            "unknown entry VirtualToken01Lable in VirtualToken: did you mean VirtualToken01Label?",
        ),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("Luna", "DefaultTimeuot = 500000"), section("Luna", "DefaultTimeOut = 500000")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK202", RULES) == result
    assert "CK202" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "DefaultTimeuot = 1", "DefaultTimeOut = 500000"),
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text, RULES) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert "CK202" in {each.code for each in wrong}
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize(
    "text",
    [
        section("CardReader", "LunaG7Slots = 0"),
        section("CardReader", "LunaG9Slots = 0"),
        section("RBS", "DaemonName = RBSD"),
        section("RBS", "DaemonLog = /var/log/rbs"),
        section("Luna", "CustomTimeout = 1"),
        section("Luna", "PEDTimeout4 = 1"),
        section("LunaSA Client", "ServerTimeout = 20000"),
        section("LunaSA Client", "ServerCAFile00 = /ca.pem"),
        section("LunaSA Client", "ServerName = hsm1"),
        section("Misc", "AppIdMajoror = 1"),
        section("HAConfiguration", "HAOnlyy2 = 1"),
    ],
)
def test_no_fix_renames_more_than_one_letter(text: str) -> None:
    assert [each.fix for each in found(text, RULES) if each.fix and "ename" in each.fix.description] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (section("Luna", "DefaultTimeuot = 500000"), "DefaultTimeOut"),
        (section("Luna", "DefaultTimOut = 500000"), "DefaultTimeOut"),
        (section("HAConfiguration", "statusTimeoutt = 10"), "statusTimeout"),
        (section("HAConfiguration", "reconAtt = 10"), "reconnAtt"),
        (section("LunaSA Client", "ServerNane00 = hsm1"), "ServerName00"),
    ],
)
def test_a_fix_renames_where_letter_case_or_one_letter_differs(text: str, right: str) -> None:
    fixes = [each.fix for each in found(text, RULES) if each.fix]
    assert len(fixes) == 1
    assert fixes[0].edits[0].text.decode() == right
    assert not fixes[0].safe


def test_a_hostile_name_is_read_once() -> None:
    assert rows(section("Luna", "a" * 1_000_000 + "1b2 = 1"), RULES) == [("CK202", 2, 3, "warning")]


def test_after_many_unknown_names_no_more_are_looked_up() -> None:
    several = found(section("Luna", *(f"Unknown{number}x = 1" for number in range(300)), "HAOnly = 1"), RULES)
    assert len(several) == 301
    assert several[-1].code == "CK202"  # reported still, without saying where it belongs
    assert several[-1].message == "unknown entry HAOnly in Luna"


def test_a_name_between_two_others_is_not_renamed() -> None:
    assert [each.fix for each in found(section("Misc", "AppIdMijor = 1"), RULES)] == [None]
