"""CK122 and CK201: where an entry outside any section belongs, and a section that is the name of an entry."""

from __future__ import annotations

import pytest

from testing.linting import LIBRARY, diagnose


@pytest.mark.parametrize(
    ("line", "home"),
    [
        ("RSAKeyGenMechRemap = 1;", "Misc"),
        ("HAOnly = 1;", "HAConfiguration"),
        ("ServerName00 = hsm1;", "LunaSA Client"),
        ("VirtualToken00SN = 1;", "VirtualToken"),
        ("statusTimeout = 10;", "HAConfiguration"),
        ("LibUNIX64 = /a.so;", "Chrystoki2 or CkLog2"),
    ],
)
def test_an_entry_outside_any_section_is_said_to_belong_in_its_own(line: str, home: str) -> None:
    found = [each for each in diagnose(LIBRARY + line + "\n") if each.code == "CK122"]
    assert [each.message for each in found] == [
        f"{line.split(maxsplit=1)[0]} stands outside any section: it belongs in {home}"
    ]


def test_of_a_name_that_is_unknown_no_home_is_said() -> None:
    (found,) = [each for each in diagnose(LIBRARY + "Whatever = 1;\n") if each.code == "CK122"]
    assert found.message == "Whatever stands outside any section, where no program reads it"


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
    found = [each for each in diagnose(LIBRARY + f"{name} = {{\n  x = 1;\n}}\n") if each.code == "CK201"]
    assert [each.message for each in found] == [f"{name} is not a section: it is an entry of {owner}"]
    assert found[0].fix is None
