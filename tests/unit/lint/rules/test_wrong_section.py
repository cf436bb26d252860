"""CK205 wrong-section: The entry belongs in another section."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("LunaSA Client", "HAOnly = 1"), [("CK205", 2, 3, "error")]),
        (section("HASynchronize", "HAOnly = 1"), [("CK205", 2, 3, "error")]),
        (section("HASynchronize", "haonly = 1"), [("CK205", 2, 3, "error")]),
        (section("Secure Trusted Channel", "ServerCAFile = /ca.pem"), [("CK205", 2, 3, "warning")]),
        (section("Misc", "HostPort = 1792"), [("CK205", 2, 3, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        section("Chrystoki2", "LibUNIX64 = /a.so") + section("CkLog2", "LibUNIX64 = /b.so", "Enabled = 1"),
        section("XTC", "Enabled = 1"),
        section("REST", "ServerName = hsm.example.com", "ServerPort = 443"),
        "VirtualToken = {\n  VirtualToken00Label = HAOnly;\n}\nHASynchronize = {\n  HAOnly = 1;\n}\n",
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[lunasa client]\nhaonly=1\n", [("CK205", 2, 1, "error")]),
        ("[VirtualToken]\nVirtualToken00Label=HAOnly\n[HASynchronize]\nHAONLY=1\n", []),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (section("LunaSA Client", "HAOnly = 1"), "HAOnly belongs in section HAConfiguration, not in LunaSA Client"),
        (section("Luna", "Enabled = 1"), "Enabled belongs in section CkLog2 or XTC, not in Luna"),
    ],
)
def test_the_message_says_what_to_do(text: str, message: str) -> None:
    assert [each.message for each in found(text, RULES)] == [message]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            section("LunaSA Client", "NetClient = 1", "HAOnly = 1") + section("HAConfiguration", "reconnAtt = -1"),
            section("LunaSA Client", "NetClient = 1") + section("HAConfiguration", "reconnAtt = -1", "HAOnly = 1"),
        ),
        (
            section("LunaSA Client", "NetClient = 1", "HAONLY = 1"),
            section("LunaSA Client", "NetClient = 1") + "\n" + section("HAConfiguration", "HAOnly = 1"),
        ),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK205", RULES) == result
    assert "CK205" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("LunaSA Client", "HAOnly = 1") + section("HAConfiguration", "HAOnly = 0"),
        section("LunaSA Client", "HAOnly = 1", "HAOnly = 0"),
        section("Luna", "Enabled = 1"),
        "LunaSA Client = {\n  HAOnly = 1;\n",  # unclosed: nothing can be moved safely
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text, RULES) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert "CK205" in {each.code for each in wrong}
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize("count", [10, 11])
def test_a_file_with_many_entries_out_of_place_is_left_to_a_person(count: int) -> None:
    several = found(section("Luna", *(f"ServerName{number:02} = hsm" for number in range(count))), RULES)
    assert [each.fix is not None for each in several] == [count == 10] * count
