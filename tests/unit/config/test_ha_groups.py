"""HA groups are created, changed and deleted with all their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.config import ha_groups
from confkit.config.ha_groups import NewGroup, created, deleted, with_member, without_member
from confkit.core.errors import FileError, UsageError
from confkit.core.ha import label_places
from confkit.core.syntax import edited, parse
from confkit.core.view import groups
from testing.intents import configuration_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.core.syntax import Document

SOURCE = b"""VirtualToken = {
   VirtualToken00Label = one;
   VirtualToken00SN = 1111;
   VirtualToken00Members = 111, 112, 113;
   VirtualToken01Label = "two";
   VirtualToken01SN = 1222;
   VirtualToken01Members = "221";
}
HASynchronize = {
   one = 1;
   two = 0;
}
HAConfiguration = {
   oneStandbyMembers = 113;
   HAOnly = 1;
}
"""


def test_a_group_comes_with_all_its_parts() -> None:
    after = created(parse(SOURCE), NewGroup("three", "1333", ["331", "332"]))
    found = groups(after)[-1]
    assert (found.index, found.label, found.serial, found.members, found.synchronize) == (
        2,
        "three",
        "1333",
        ("331", "332"),
        "1",
    )


def test_deleting_takes_all_parts_and_moves_the_others_up() -> None:
    after = deleted(parse(SOURCE), "one")
    assert after.to_bytes() == (
        b'VirtualToken = {\n   VirtualToken00Label = "two";\n   VirtualToken00SN = 1222;\n'
        b'   VirtualToken00Members = "221";\n}\nHASynchronize = {\n   two = 0;\n}\nHAConfiguration = {\n   HAOnly = 1;\n}\n'
    )


def test_members_come_and_go_in_the_style_of_the_list() -> None:
    document = with_member(parse(SOURCE), "one", "114")
    assert document.get("VirtualToken", "VirtualToken00Members") == "111, 112, 113, 114"
    assert without_member(document, "one", "111").get("VirtualToken", "VirtualToken00Members") == "112, 113, 114"
    assert with_member(document, "two", "222").get("VirtualToken", "VirtualToken01Members") == '"221,222"'


def test_a_removed_member_is_no_standby_member_either() -> None:
    assert b"StandbyMembers" not in without_member(parse(SOURCE), "one", "113").to_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: created(document, NewGroup("one", "1333", ["331"])), "label one exists already"),
        (lambda document: created(document, NewGroup("a=b", "1333", ["331"])), "cannot be a label"),
        (lambda document: created(document, NewGroup("", "1333", ["331"])), "cannot be a label"),
        (lambda document: created(document, NewGroup("x", "13A3", ["331"])), "consists of digits"),
        (lambda document: created(document, NewGroup("x", "1111", ["331"])), "another group has the serial"),
        (lambda document: created(document, NewGroup("x", "1333", [])), "at least one member"),
        (lambda document: created(document, NewGroup("x", "1333", ["1", "1"])), "given twice"),
        (lambda document: created(document, NewGroup("x", "1333", ["1x"])), "consists of digits"),
        (lambda document: created(document, NewGroup("x", "1", [str(n) for n in range(33)])), "at most 32"),
        (lambda document: with_member(document, "one", "111"), "member of one already"),
        (lambda document: with_member(document, "one", "1-1"), "consists of digits"),
        (lambda document: created(document, NewGroup("x", "331", ["331"])), "cannot be that of the group"),
        (lambda document: created(document, NewGroup("x", "0331", ["332", "331"])), "cannot be that of the group"),
        (lambda document: created(document, NewGroup("x", "112", ["331"])), "cannot be that of the group"),
        (lambda document: created(document, NewGroup("x", "221", ["331"])), "cannot be that of the group"),
        (lambda document: created(document, NewGroup("x", "1333", ["331", "1222"])), "cannot be that of a member"),
        (lambda document: created(document, NewGroup("x", "01222", ["331"])), "another group has the serial"),
        (lambda document: created(document, NewGroup("x", "1333", ["1", "01"])), "given twice"),
        (lambda document: with_member(document, "one", "1111"), "cannot be that of a member"),
        (lambda document: with_member(document, "one", "1222"), "cannot be that of a member"),
        (lambda document: with_member(document, "one", "0111"), "member of one already"),
        (lambda document: with_member(document, "onne", "114"), "did you mean one?"),
        (lambda document: without_member(document, "one", "119"), "is not a member of one"),
        (lambda document: without_member(document, "two", "221"), "the only member"),
        (lambda document: deleted(document, "three"), "no group three"),
    ],
)
def test_what_cannot_be_done(change: Callable[[Document], Document], message: str) -> None:
    with pytest.raises(UsageError, match="Nothing was changed") as caught:
        change(parse(SOURCE))
    assert message in str(caught.value)


def test_a_group_without_a_list_of_members_is_said_to_be_one() -> None:
    document = parse(SOURCE.replace(b"   VirtualToken00Members = 111, 112, 113;\n", b""))
    with pytest.raises(FileError, match="VirtualToken00Members is missing") as caught:
        with_member(document, "one", "114")
    assert caught.value.line == 2
    assert [group.label for group in groups(deleted(document, "one"))] == ["two"]


def test_a_gap_in_the_numbers_is_refused() -> None:
    with pytest.raises(FileError, match="group 02 follows a gap"):
        created(parse(SOURCE.replace(b"Token01", b"Token02")), NewGroup("x", "1", ["1"]))


def test_two_groups_with_one_label_are_refused() -> None:
    with pytest.raises(FileError, match="2 groups have the label one"):
        deleted(parse(SOURCE.replace(b'"two"', b"one")), "one")


def test_a_member_of_another_group_is_told() -> None:
    document = with_member(with_member(parse(SOURCE), "one", "221"), "one", "114")
    assert ha_groups.shared(document, "one", ["221", "114", "111"]) == ["221 is a member of group two too"]
    assert ha_groups.shared(document, "two", ["0221"]) == ["0221 is a member of group one too"]


@given(configuration_files(), st.lists(st.integers(2000, 10**15).map(str), min_size=1, max_size=4, unique=True))
def test_creating_and_deleting_restores_the_bytes(source: bytes, members: list[str]) -> None:
    document = parse(source)
    after = created(document, NewGroup("new group", "1999", members))
    assert deleted(after, "new group").to_bytes() == source
    assert (
        without_member(with_member(after, "new group", "7x7".replace("x", "0" * 20)), "new group", "7" + "0" * 20 + "7")
        == after
    )


@given(configuration_files(), st.booleans())
def test_a_switch_set_twice_changes_nothing_more(source: bytes, on: bool) -> None:
    once = ha_groups.only(parse(source), on=on)
    assert ha_groups.only(once, on=on).to_bytes() == once.to_bytes()


@pytest.mark.parametrize("label", ["#x", "#", "# x", "//x", "/*x", ";x", "[x]", " x", "x ", "x\ty", ""])
def test_what_a_reader_would_not_take_for_an_entry_is_no_label(label: str) -> None:
    document = parse(SOURCE)
    with pytest.raises(UsageError, match="cannot be a label"):
        ha_groups.renaming(document, "one", label)
    with pytest.raises(UsageError, match="cannot be a label"):
        created(document, NewGroup(label, "1333", ["331"]))


INI = b"[VirtualToken]\nVirtualToken00Label=one\nVirtualToken00SN=1111\n[HASynchronize]\none=1\n"
LABELS = st.text(st.sampled_from("ab#/*;:=[]{}\"' \t!@-_.\u00e9\u00a0")) | st.text(max_size=5)


@given(LABELS, st.sampled_from([SOURCE, INI]))
def test_a_group_that_is_renamed_keeps_all_its_parts(label: str, source: bytes) -> None:
    document = parse(source)
    try:
        edits = ha_groups.renaming(document, "one", label)
    except UsageError:
        return
    after = edited(document, edits)
    before = [place.label for place in label_places(document)]
    assert [place.label for place in label_places(after)] == [label if each == "one" else each for each in before]
    assert after.get("HASynchronize", label) == "1"
    assert len(after.problems) == len(document.problems)
