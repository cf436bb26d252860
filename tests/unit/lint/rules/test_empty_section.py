"""CK217 empty-section: A section has no entry, and the client needs one."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, codes, diagnose, section


@pytest.mark.parametrize("name", ["Chrystoki2", "chrystoki2"])
def test_a_section_that_needs_entries_has_none(name: str) -> None:
    seen = diagnose(f"{name} = {{\n}}\n" + section("Misc", "ToolsDir = /usr/bin"))
    assert ("CK217", "error") in [(each.code, each.severity) for each in seen]
    assert "CK217" not in codes(LIBRARY)


def test_a_section_that_needs_no_entry_may_be_empty() -> None:
    assert "CK217" not in codes(LIBRARY + "HASynchronize = {\n}\n")
