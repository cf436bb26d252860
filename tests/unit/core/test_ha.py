"""The one reader of HA groups, their members, and servers, with positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core import ha
from confkit.core.syntax import Document, parse
from confkit.core.syntax.document import text

SOURCE = """VirtualToken = {
   VirtualToken01Label = "second";
   VirtualToken00Members = 111, 222,,333;
   VirtualToken00Label = first;
   VirtualToken00SN = 1111;
   virtualtoken02label = wrong-case;
   VirtualToken00Label = again;
}
LunaSA Client = {
   ServerHtl01 = 0;
   ServerPort00 = 1792;
   ServerName00 = hsm1.example;
   ServerName7 = no-index;
}
"""


def document(source: str = SOURCE, *, windows: bool = False) -> Document:
    if windows:
        source = source.replace(" = {\n", "]\r\n").replace(";\n", "\r\n").replace("}\n", "").replace("   ", "")
        source = source.replace("VirtualToken]", "[VirtualToken]").replace("LunaSA", "[LunaSA")
    return parse(source.encode())


def test_groups_come_by_number_with_the_first_entry_of_each_part() -> None:
    first, second = ha.groups_of(document())
    assert (first.number, first.name, first.section.name) == ("00", "first", "VirtualToken")
    assert first.serial
    assert first.members
    assert [entry.line for entry in first.entries] == [4, 5, 3]
    assert (second.number, second.name, second.serial, second.members) == ("01", "second", None, None)
    assert [entry.line for entry in second.entries] == [2]


def test_letter_case_counts_where_the_form_of_the_file_has_it_so() -> None:
    assert [group.number for group in ha.groups_of(document(windows=True))] == ["00", "01", "02"]
    assert [group.number for group in ha.groups(document().sections)] == ["00", "01", "02"]


def test_servers_come_by_number_and_may_lack_parts() -> None:
    first, second = ha.servers_of(document())
    assert first.name
    assert first.port
    assert second.htl
    assert (first.number, first.name.value, first.port.value, first.htl) == ("00", "hsm1.example", "1792", None)
    assert (second.number, second.name, second.port, second.htl.line) == ("01", None, None, 10)


@pytest.mark.parametrize(
    ("value", "serials"),
    [("1,2", ("1", "2")), (' "1 , 2,"', ("1", "2")), ("", ()), (",,", ()), ("1 2", ("1 2",)), ("é, 7", ("é", "7"))],
)
def test_members_are_separated_by_commas(value: str, serials: tuple[str, ...]) -> None:
    file = document(f"VirtualToken = {{\n   VirtualToken00Members ={value};\n}}\n")
    (group,) = ha.groups_of(file)
    assert ha.serials(group.members) == serials


@given(st.lists(st.text("019é ,'\"\x00\udcff", max_size=8), max_size=6).map(",".join), st.booleans())
def test_each_member_stands_where_its_position_says(value: str, windows: bool) -> None:
    head, entry = ("[VirtualToken]\n", "VirtualToken00Members=%s\n")
    if not windows:
        head, entry = "VirtualToken = {\n", " VirtualToken00Members = %s;\n}\n"
    file = parse((head + entry % value).encode("utf-8", "surrogateescape"))
    for group in ha.groups_of(file):
        assert group.members
        line = file.lines[group.members.line - 1]
        found = ha.members(file, group.members)
        assert [text(line[member.start : member.end]) for member in found] == [member.serial for member in found]
        assert tuple(member.serial for member in found) == ha.serials(group.members)


def test_every_entry_that_names_a_server_is_found_in_any_letter_case() -> None:
    source = "LunaSA Client = {\n ServerName01 = b;\n servername01 = b;\n ServerName7 = c;\n ServerPort00 = 1;\n}\n"
    assert [entry.line for entry in ha.server_names(parse(source.encode()).sections)] == [2, 3]


def test_a_part_of_a_group_counts_in_any_section() -> None:
    assert ha.groups_anywhere(parse(b"Misc = {\n virtualtoken00sn = 1;\n}\n"))
    assert ha.groups_anywhere(parse(b"VirtualTokens = {\n}\n"))
    assert not ha.groups_anywhere(parse(b"Misc = {\n a = VirtualToken00SN;\n}\n"))


LABELLED = """VirtualToken = {
   VirtualToken00Label = "payroll";
   VirtualToken01Label = web;
   VirtualToken02Label = ;
   VirtualToken03SN = 1;
}
HASynchronize = {
   payroll = 1;
   other = 0;
}
HARecovery = {
   web = 5;
}
HAConfiguration = {
   payrollStandbyMembers = 111;
   StandbyMembers = 1;
   HAOnly = 1;
}
"""


def test_every_place_of_a_label_is_found_with_its_bytes_and_whether_it_is_the_group_s_own() -> None:
    read = parse(LABELLED.encode())
    places = list(ha.label_places(read))
    assert [(each.label, each.line, each.defines) for each in places] == [
        ("payroll", 2, True),
        ("web", 3, True),
        ("payroll", 8, False),
        ("other", 9, False),
        ("web", 12, False),
        ("payroll", 15, False),
    ]
    assert [text(read.lines[each.line - 1][each.start : each.end]) for each in places] == [
        each.label for each in places
    ]


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ('"a"', "a"),
        ("'a'", "a"),
        ('""', ""),
        ('"', '"'),
        ("", ""),
        ("ab", "ab"),
        ("\"a'", "\"a'"),
        ('"a" b', '"a" b'),
        ("aa", "aa"),
    ],
)
def test_one_pair_of_quotation_marks_is_taken_off(value: str, bare: str) -> None:
    assert ha.unquoted(value) == bare
