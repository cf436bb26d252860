"""CK203 wrong-case: The name has the wrong letter case; names are case-sensitive in the UNIX form."""

from __future__ import annotations

import pytest

from confkit.lint.rules.entries import RULES
from testing.linting import Row, codes, fixed_by_hand, found, rows, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("HAConfiguration", "ReconnAtt = 10"), [("CK203", 2, 3, "error")]),  # documented
        (section("HAConfiguration", "paymentsStandbymembers = 1"), [("CK203", 2, 3, "warning")]),
        (section("LunaSA Client", "serverCAFile = /ca.pem"), [("CK203", 2, 3, "warning")]),  # seen
        (section("RBS", "hostname = localhost"), [("CK203", 2, 3, "warning")]),  # observed
        (section("MISC", "ToolsDir = /bin"), [("CK203", 1, 1, "error")]),
        (section("toggles", "lunacm_cv_ha_ui = 1"), [("CK203", 1, 1, "info")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[haconfiguration]\nreconnatt=-1\nHAONLY=1\n", []),
    ],
)
def test_in_the_windows_form_letter_case_does_not_count(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES, "crystoki.ini") == expected


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (section("MISC", "ToolsDir = /bin"), section("Misc", "ToolsDir = /bin")),
        (section("HAConfiguration", "ReconnAtt = 10"), section("HAConfiguration", "reconnAtt = 10")),
        (section("HAConfiguration", "aStandbymembers = 1"), section("HAConfiguration", "aStandbyMembers = 1")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    assert fixed_by_hand(text, "CK203", RULES) == result
    assert "CK203" not in {each.code for each in found(result, RULES)}


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "ReconnAtt = 10", "reconnAtt = 20"),
        section("misc", "ToolsDir = /a") + section("Misc", "ToolsDir = /b"),
    ],
)
def test_no_fix_makes_a_duplicate_or_guesses(text: str) -> None:
    wrong = [each for each in found(text, RULES) if each.code in {"CK201", "CK202", "CK203", "CK204", "CK205"}]
    assert "CK203" in {each.code for each in wrong}
    assert [each.fix for each in wrong] == [None] * len(wrong)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (section("HAConfiguration", "ReconnAtt = 10"), "reconnAtt"),
    ],
)
def test_a_fix_renames_where_letter_case_or_one_letter_differs(text: str, right: str) -> None:
    fixes = [each.fix for each in found(text, RULES) if each.fix]
    assert len(fixes) == 1
    assert fixes[0].edits[0].text.decode() == right
    assert not fixes[0].safe


@pytest.mark.parametrize(
    "text",
    [
        section("HAConfiguration", "reconnAtt = 10"),
        section("Misc", "ToolsDir = /bin"),
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK203" not in codes(text)
