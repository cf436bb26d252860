from __future__ import annotations

import pytest

from confkit.emulator.plans import fault_forms
from tools import emulator_page


def test_the_page_is_current_and_lists_every_fault() -> None:
    text = emulator_page.PAGE.read_text("utf-8")
    assert emulator_page.page() == text
    for form, effect in fault_forms().items():
        assert f"| `{form}` | {effect} |\n" in text


def test_a_changed_table_is_made_again_and_the_rest_stays() -> None:
    text = emulator_page.PAGE.read_text("utf-8")
    changed = text.replace("| `hang` |", "| `hung` |")
    assert changed != text
    assert emulator_page.page(changed) == text


def test_a_page_without_a_place_for_the_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for the table of faults"):
        emulator_page.page("# The emulated HA group\n")
