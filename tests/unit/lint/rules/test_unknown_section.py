"""CK201 unknown-section: The client is not known to have a section of this name."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import LIBRARY, Row, codes, diagnose, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("LunaSAClient", "NetClient = 1"), [("CK201", 1, 1, "warning")]),
        (section("CardProc", "ServerCAFile = /ca.pem"), [("CK201", 1, 1, "warning")]),
        (section("  Docker", "TokenLabel = x"), [("CK201", 1, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        " = {\n  x = 1;\n}\n",
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[HAConfig]\nHAOnly=1\n", [("CK201", 1, 2, "warning")]),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (section("LunaSAClient", "NetClient = 1"), "unknown section LunaSAClient: did you mean LunaSA Client?"),
        (section("HaGroup", "x = 1"), "unknown section HaGroup"),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("Lunna", "PEDTimeout1 = 100000"), section("Luna", "PEDTimeout1 = 100000")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK201", RULES) == result
    assert "CK201" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("Lunaa", "PEDTimeout1 = 1") + section("Luna", "PEDTimeout1 = 100000"),
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text, RULES) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert "CK201" in {each.code for each in wrong}
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize(
    "text",
    [
        section("HSMClient", "NetClient = 1"),
        section("Chrystoki3", "LibUNIX64 = /a.so"),
        section("CkLog3", "Enabled = 0"),
        section("PedServer", "ServerCAFile = /ca.pem"),
    ],
)
def test_no_fix_renames_more_than_one_letter(text: str) -> None:
    assert [each.fix for each in found(text, RULES) if each.fix and "ename" in each.fix.description] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (section("CardRaeder", "RemoteCommand = 1"), "CardReader"),
        (section("LunaSAClient", "NetClient = 1"), "LunaSA Client"),
    ],
)
def test_a_fix_renames_where_letter_case_or_one_letter_differs(text: str, right: str) -> None:
    fixes = [each.fix for each in found(text, RULES) if each.fix]
    assert len(fixes) == 1
    assert fixes[0].edits[0].text.decode() == right
    assert not fixes[0].safe


def test_the_help_of_an_unknown_section_says_where_its_entries_belong() -> None:
    (diagnostic,) = found(section("CardProc", "HAOnly = 1", "whatever = 1", "ServerCAFile = /ca.pem"), RULES)
    assert diagnostic.message == "unknown section CardProc"  # and not: did you mean CardReader?
    assert diagnostic.help == (
        "HAOnly belongs in section HAConfiguration; ServerCAFile belongs in section LunaSA Client"
    )


def test_a_misspelt_section_is_named_only_where_its_entries_could_belong_there() -> None:
    (diagnostic,) = found(section("HSMClient", "NetClient = 1", "HAOnly = 1"), RULES)
    assert diagnostic.message == "unknown section HSMClient"  # too far from any name to guess
    assert diagnostic.help == ("NetClient belongs in section LunaSA Client; HAOnly belongs in section HAConfiguration")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("VirtualToken00SN", "VirtualToken"),
        ("VirtualToken01Members", "VirtualToken"),
        ("HAOnly", "HAConfiguration"),
        ("ServerName00", "LunaSA Client"),
        ("DefaultTimeOut", "Luna"),
    ],
)
def test_a_section_with_the_name_of_an_entry(name: str, owner: str) -> None:
    seen = [each for each in diagnose(LIBRARY + f"{name} = {{\n  x = 1;\n}}\n") if each.code == "CK201"]
    assert [each.message for each in seen] == [f"{name} is not a section: it is an entry of {owner}"]
    assert seen[0].fix is None


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "NetClient = 0"),
        section("CardReader", "RemoteCommand = 1"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK201" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "[lunasa client]\nNetClient=0\n",
    ],
)
def test_good_forms_of_the_windows_form_are_not_found(text: str) -> None:
    assert "CK201" not in codes(text, "crystoki.ini")
