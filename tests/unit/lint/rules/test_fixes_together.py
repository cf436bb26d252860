"""All fixes together make no duplicate, and leave nothing to fix."""

from __future__ import annotations

import pytest

from confkit.core.syntax import parse
from confkit.lint import fixes
from confkit.lint.rules import entries
from testing.linting import section


@pytest.mark.parametrize(
    "text",
    [
        section("Luna", "DefaultTimeuot = 1", "DefaultTimeOutt = 500000", "DEFAULTTIMEOUT = 3"),
        section("LunaSA Client", "HAOnly = 1") + section("Luna", "HAOnly = 0"),
        section("Lunaa", "PEDTimeout1 = 1") + section("luna", "PEDTimeout1 = 100000"),
        section("Luna", "CommandTimeoutPedSet = 1", "CommandTimeOutPedset = 720000"),
        section("LunaSA Client", "AutoReconnectInterval = 60", *(f"ServerName{number} = a" for number in range(9))),
    ],
)
def test_all_fixes_together_make_no_duplicate_and_leave_nothing_to_fix(text: str) -> None:
    before = parse(text.encode())
    result, _ = fixes.fixed(text.encode(), "Chrystoki.conf", entries.RULES, unsafe=True)
    after = parse(result)
    assert not {problem.code for problem in after.problems} & {"duplicate-entry", "duplicate-section"}
    assert sum(len(section.entries) for section in after.sections) == sum(
        len(section.entries) for section in before.sections
    )
    assert fixes.fixed(result, "Chrystoki.conf", entries.RULES, unsafe=True) == (result, [])
