"""The label of a group in every place."""

from __future__ import annotations

import pytest
from lsprotocol import types

from confkit.core.errors import ConfkitError
from confkit.lsp.labels import definition, place_at, renamed
from testing.open_files import applied, open_file

TEXT = """VirtualToken = {
  VirtualToken00Label = "payments";
  VirtualToken00SN = 11;
  VirtualToken00Members = 1,2;
  VirtualToken01Label = archive;
}
HASynchronize = {
  payments = 1;
  archive = 1;
}
HAConfiguration = {
  HAOnly = 1;
  paymentsStandbyMembers = 2;
}
HARecovery = {
  payments = 1;
}
"""
PLACES = [(1, 26), (7, 3), (12, 4), (15, 10)]


@pytest.mark.parametrize("place", PLACES)
def test_it_is_renamed_everywhere_from_anywhere(place: tuple[int, int]) -> None:
    edits = renamed(open_file(TEXT), types.Position(*place), "cards")
    assert edits
    assert applied(TEXT, edits) == TEXT.replace("payments", "cards")


@pytest.mark.parametrize("place", PLACES)
def test_its_definition_is_the_group(place: tuple[int, int]) -> None:
    found = definition(open_file(TEXT), types.Position(*place))
    assert found is not None
    assert found.range == types.Range(types.Position(1, 25), types.Position(1, 33))


@pytest.mark.parametrize("place", [(0, 3), (1, 4), (2, 24), (11, 4), (12, 15), (99, 0)])
def test_nothing_else_is_renamed(place: tuple[int, int]) -> None:
    file = open_file(TEXT)
    assert place_at(file, types.Position(*place)) is None
    assert renamed(file, types.Position(*place), "x") is None
    assert definition(file, types.Position(*place)) is None


@pytest.mark.parametrize("new", ["archive", "", "a=b", "a;b", " a", "a\nb", "#x", "//x", "/*x"])
def test_what_cannot_be_a_label_is_refused(new: str) -> None:
    with pytest.raises(ConfkitError):
        renamed(open_file(TEXT), types.Position(7, 3), new)


def test_a_label_that_no_group_has_has_no_definition() -> None:
    file = open_file("HASynchronize = {\n  nobody = 1;\n}\n")
    assert definition(file, types.Position(1, 3)) is None
    with pytest.raises(ConfkitError, match="there is no group nobody"):
        renamed(file, types.Position(1, 3), "x")


def test_the_windows_form_ignores_the_case_of_letters() -> None:
    text = "[VirtualToken]\nVirtualToken00Label=Pay\n[HASynchronize]\nPAY=1\n"
    edits = renamed(open_file(text, "crystoki.ini"), types.Position(3, 1), "pay")
    assert edits
    assert applied(text, edits) == "[VirtualToken]\nVirtualToken00Label=pay\n[HASynchronize]\npay=1\n"


def test_places_count_in_the_units_of_the_editor() -> None:
    text = "VirtualToken = {\n  VirtualToken00Label = \U0001f511x;\n}\nHASynchronize = {\n  \U0001f511x = 1;\n}\n"
    for units, end in (("utf-16", 5), ("utf-8", 7), ("utf-32", 4)):
        edits = renamed(open_file(text, units=units), types.Position(4, 2), "y")
        assert edits
        assert edits[-1].range == types.Range(types.Position(4, 2), types.Position(4, end))
