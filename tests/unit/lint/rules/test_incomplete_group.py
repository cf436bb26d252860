"""CK301 incomplete-group: An HA group lacks its label, its serial number or its members."""

from __future__ import annotations

import pytest

from confkit.lint.rules.ha import RULES
from testing.ha_sections import ONE, REST, SETTINGS, TWO, group, groups
from testing.linting import Row, codes, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups("  VirtualToken00Label = payments;\n") + REST, [("CK301", 1, 1, "warning")]),
        (groups(f"  VirtualToken00Members = {ONE},{TWO};\n") + SETTINGS, [("CK301", 1, 1, "warning")]),
    ],
)
def test_what_is_found_and_where(text: str, expected: list[Row]) -> None:
    assert rows(text, RULES) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members="")) + REST,  # an empty value is the entries family's
        groups(group(label="")) + SETTINGS,
        groups(group().replace("VirtualToken00Label", "virtualToken00label")) + REST,
        "VirtualToken = {\n" + group().replace("  VirtualToken00SN", " x;  VirtualToken00SN") + "}\n" + REST,
        "VirtualToken = { VirtualToken00Label = payments; VirtualToken00SN = 1; }\n" + REST,  # on one line
    ],
)
def test_what_is_right_or_uncertain_is_left_alone(text: str) -> None:
    assert rows(text, RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        groups(group()) + REST,
    ],
)
def test_good_forms_are_not_found(text: str) -> None:
    assert "CK301" not in codes(text)
