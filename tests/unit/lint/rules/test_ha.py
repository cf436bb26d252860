from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.core.catalogue import entry_facts
from confkit.core.syntax import parse
from confkit.core.syntax.document import splice
from confkit.lint.linter import lint
from confkit.lint.rules import ha_limits
from confkit.lint.rules.ha import RULES

if TYPE_CHECKING:
    from confkit.core.severity import Severity
    from confkit.lint.diagnostics import Diagnostic

    Row = tuple[str, int, int, Severity]

ONE, TWO, THREE = "154438865287", "154438865288", "154438865289"


def found(text: str, name: str = "Chrystoki.conf") -> list[Diagnostic]:
    return lint(parse(text.encode(), name), name, RULES)


def rows(text: str, name: str = "Chrystoki.conf") -> list[Row]:
    return [(each.code, each.line, each.column, each.severity) for each in found(text, name)]


def unix(section: str, *entries: str) -> str:
    return f"{section} = {{\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def group(number: str = "00", label: str = "payments", serial: str = f"1{ONE}", members: str = f"{ONE},{TWO}") -> str:
    token = f"VirtualToken{number}"
    return f"  {token}Label = {label};\n  {token}SN = {serial};\n  {token}Members = {members};\n"


def groups(*parts: str) -> str:
    return "VirtualToken = {\n" + "".join(parts) + "}\n"


SYNCHRONISED = unix("HASynchronize", "payments = 1")
SETTINGS = unix("HAConfiguration", "HAOnly = 1", "reconnAtt = -1")
REST = SYNCHRONISED + SETTINGS


def test_a_complete_group_has_no_finding() -> None:
    assert rows(groups(group()) + REST) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (groups("  VirtualToken00Label = payments;\n") + REST, [("CK301", 1, 1, "warning")]),
        (groups(f"  VirtualToken00Members = {ONE},{TWO};\n") + SETTINGS, [("CK301", 1, 1, "warning")]),
        (groups(group(), group("02", "archive", f"1{THREE}", f"{THREE},{TWO}")) + SETTINGS
         + unix("HASynchronize", "payments = 1", "archive = 1"), [("CK302", 5, 3, "info")]),
        (groups(group(), group("01", serial=f"1{TWO}")) + REST, [("CK303", 5, 25, "warning")]),
        (groups(group(), group("01", "archive")) + SETTINGS + unix("HASynchronize", "payments = 1", "archive = 1"),
         [("CK303", 6, 22, "warning")]),
        (groups(group(serial=ONE)) + REST, [("CK304", 3, 22, "info")]),
        (groups(group(serial="4711")) + REST, [("CK304", 3, 22, "info")]),
        (groups(group(members=f"{ONE}, hsm2.example.com, 10.0.0.2")) + REST, [("CK305", 4, 41, "error")]),
        (groups(group(members=f"{ONE} {TWO}")) + REST, [("CK306", 4, 27, "error")]),
        (groups(group(members=f"{ONE},{TWO}, {ONE}")) + REST, [("CK307", 4, 54, "warning")]),
        (groups(group(serial="1100", members=",".join(str(100 + n) for n in range(33)))) + REST,
         [("CK308", 4, 27, "error")]),
        (groups(group(members=ONE)) + REST, [("CK309", 4, 27, "info")]),
        (groups(group()) + SETTINGS, [("CK310", 2, 25, "info")]),
        (groups(group(), group("01", "archive", f"1{THREE}", f"{THREE},{TWO}")) + REST, [("CK310", 5, 25, "warning")]),
        (groups(group()) + unix("HASynchronize", "myha = 1") + SETTINGS, [("CK311", 7, 3, "error")]),
        (groups(group()) + unix("HASynchronize", "Payments = 1") + SETTINGS, [("CK311", 7, 3, "error")]),
        (unix("HASynchronize", "myha = 1"), [("CK311", 2, 3, "warning")]),
    ],
)  # fmt: skip
def test_a_faulty_group_is_one_finding_at_its_place(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["HAOnly = 1", "reconnAtt = -1", f"paymentStandbyMembers = {TWO}"], [("CK312", 12, 3, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", f"paymentsStandbyMembers = {TWO},{THREE}"], [("CK313", 12, 41, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", f"paymentsStandbyMembers = {TWO}"], []),
        (["HAOnly = 1"], [("CK317", 9, 1, "warning")]),
        (["HAOnly = 1", "reconnAtt = 0"], [("CK317", 11, 15, "warning")]),
        (["HAOnly = 1", "ReconnAtt = 20"], []),  # the wrong case is a finding of the entries family
        (["HAOnly = 1", "reconnAtt = abc"], []),  # and so is this
        (["reconnAtt = -1"], [("CK318", 9, 1, "info")]),
        (["HAOnly = 0", "reconnAtt = -1"], [("CK318", 10, 12, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled"], [("CK319", 12, 3, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled", "haLogToStdout = enabled"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = enabled", "haLogPath = /var/log"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogStatus = disabled"], []),
        (["HAOnly = 1", "reconnAtt = -1", "haLogPath = /var/log"], [("CK319", 12, 3, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "haLogPath = /var/log", "haLogStatus = disabled"], []),
        (["HAOnly = 1", "reconnAtt = -1", "logLen = 262143"], [("CK320", 12, 12, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "logLen = 262144"], []),
        (["HAOnly = 1", "reconnAtt = -1", "failover_on_deactivation = 1"], [("CK321", 12, 30, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "failover_on_deactivation = 0"], []),
        (["HAOnly = 1", "reconnAtt = -1", "ProbeTimeout = 5"], [("CK322", 12, 3, "info")]),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 59"], [("CK316", 12, 27, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 1201"], [("CK316", 12, 27, "warning")]),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 1200"], []),
        (["HAOnly = 1", "reconnAtt = -1", "AutoReconnectInterval = 60000"], []),  # a unit slip, not ours
    ],
)
def test_a_setting_that_a_group_needs_or_that_is_half_set(settings: list[str], expected: list[Row]) -> None:
    assert rows(groups(group()) + SYNCHRONISED + unix("HAConfiguration", *settings)) == expected


def test_without_a_section_of_settings_the_groups_are_the_place() -> None:
    assert rows(groups(group()) + SYNCHRONISED) == [("CK317", 1, 1, "warning"), ("CK318", 1, 1, "info")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2", [("CK314", 2, 19, "error")]),
        ("3", []),
        ("20", []),
        ("60", [("CK315", 2, 19, "info")]),
        ("61", [("CK314", 2, 19, "error")]),
        ("0", [("CK314", 2, 19, "error")]),
        ("-1", [("CK314", 2, 19, "error")]),
        ("05", [("CK314", 2, 19, "error")]),  # set-timeout, too, refuses what is not in plain digits
        ("3000", []),  # a unit slip and a wrong type are the entries family's
        ("soon", []),
        ("", []),
    ],
)
def test_the_bounds_of_the_status_timeout_are_those_of_set_timeout(value: str, expected: list[Row]) -> None:
    assert rows(unix("HAConfiguration", f"statusTimeout = {value}")) == expected


@pytest.mark.parametrize(
    ("receive", "seconds", "expected"),
    [
        ("10000", 10, []),
        ("10000", 11, [("CK315", 5, 19, "info")]),
        ("20", 30, []),  # a unit slip: what is meant is another rule's guess
        ("abc", 30, []),
        ("0", 30, []),
        ('"30000"', 30, []),
    ],
)
def test_a_status_timeout_longer_than_the_receive_timeout(receive: str, seconds: int, expected: list[Row]) -> None:
    text = unix("LunaSA Client", f"ReceiveTimeout = {receive}") + unix("HAConfiguration", f"statusTimeout = {seconds}")
    assert rows(text) == expected


def test_a_receive_timeout_in_the_wrong_place_is_not_taken_for_the_default() -> None:
    text = unix("Luna", "ReceiveTimeout = 90000") + unix("HAConfiguration", "statusTimeout = 60")
    assert rows(text) == []


def test_the_default_of_the_receive_timeout_is_the_catalogues() -> None:
    facts = entry_facts("LunaSA Client", "ReceiveTimeout")
    assert facts is not None
    assert facts.default == str(ha_limits._USUAL_RECEIVE_TIMEOUT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unix("LunaSA Client", "ServerName00 = a", "ServerName01 = b"), [("CK323", 1, 1, "info")]),
        (unix("LunaSA Client", "ServerName00 = a"), []),
        (unix("LunaSA Client", "ServerName00 = a", "ServerName01 ="), []),
        (unix("LunaSA Client", "ServerName00 = a", "ServerName01 = b") + unix("VirtualTokens", "x = 1"), []),
        (unix("LunaSA Client", "ServerName00 = a", "ServerName01 = b", "VirtualToken00Label = c"), []),
    ],
)
def test_several_appliances_without_a_group(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        groups(group(members=f"{ONE} {TWO} {THREE}")) + REST,
        groups(group(members=f"{ONE}, {TWO}")) + REST,  # as the vendor's example has it
        groups(group(serial=f"1{TWO}")) + REST,  # made from the second member
        groups(group(label='"payments"', members=f'"{ONE},{TWO}"')) + REST,
        groups(group(members="")) + REST,  # an empty value is the entries family's
        groups(group(label="")) + SETTINGS,
        groups(group(serial="abc")) + REST,
        groups(group(serial="1100", members=",".join(str(100 + n) for n in range(32)))) + REST,
        groups(group()) + "hasynchronize = {\n  payments = 1;\n}\n" + SETTINGS,  # wrong case: not ours
        groups(group().replace("VirtualToken00Label", "virtualToken00label")) + REST,
        "VirtualToken = {\n" + group().replace("  VirtualToken00SN", " x;  VirtualToken00SN") + "}\n" + REST,
        "VirtualToken = { VirtualToken00Label = payments; VirtualToken00SN = 1; }\n" + REST,  # on one line
        groups(group()) + SYNCHRONISED + "HAConfiguration = { HAOnly = 1;\n  reconnAtt = -1;\n}\n",
    ],
)
def test_what_is_right_or_another_rules_is_left_alone(text: str) -> None:
    assert {each.code for each in found(text)} <= {"CK306"}


def test_the_windows_form_ignores_case() -> None:
    text = (
        f"[virtualtoken]\nVIRTUALTOKEN00LABEL=Payments\nvirtualtoken00sn=1{ONE}\nvirtualtoken00members={ONE},{TWO}\n"
        f"[HASynchronize]\npayments=1\n[haconfiguration]\nhaonly=1\nRECONNATT=-1\npaymentsstandbymembers={TWO}\n"
    )
    assert rows(text, "crystoki.ini") == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (groups(group(serial="4711")) + REST, groups(group()) + REST),
        (groups(group(members=f"{ONE} {TWO}")) + REST, groups(group()) + REST),
        (groups(group(members=f"{ONE}, {TWO}, {ONE}")) + REST, groups(group()) + REST),
        (groups(group()) + unix("HASynchronize", "myha = 1") + SETTINGS, groups(group()) + REST),
        (unix("HAConfiguration", "statusTimeout = 90"), unix("HAConfiguration", "statusTimeout = 60")),
        (unix("HAConfiguration", "statusTimeout = 0"), unix("HAConfiguration", "statusTimeout = 3")),
        (unix("HAConfiguration", "statusTimeout = 05"), unix("HAConfiguration", "statusTimeout = 5")),
    ],
)
def test_the_fix_is_unsafe_and_removes_the_finding(text: str, result: str) -> None:
    document = parse(text.encode())
    (diagnostic,) = (each for each in lint(document, "", RULES) if each.fix)
    assert diagnostic.fix is not None
    assert not diagnostic.fix.safe
    after = splice(document.lines, diagnostic.fix.edits).decode()
    assert after == result
    assert diagnostic.code not in {each.code for each in found(after)}


def test_no_fix_writes_a_label_that_cannot_be_a_name_or_guesses_between_two() -> None:
    odd = groups(group(label="a=b")) + unix("HASynchronize", "x = 1") + SETTINGS
    two = groups(group(), group("01", "archive", f"1{TWO}")) + unix("HASynchronize", "x = 1") + SETTINGS
    for text in (odd, two):
        assert [each.fix for each in found(text) if each.code == "CK311"] == [None]


def test_a_wrong_member_is_located_behind_what_is_not_ascii() -> None:
    (diagnostic,) = (each for each in found(groups(group(members=f"äöü, {ONE}")) + REST) if each.code == "CK305")
    assert (diagnostic.line, diagnostic.column, diagnostic.end_column) == (4, 27, 30)


parts = st.sampled_from(
    [
        *(f"VirtualToken{number}{part}" for number in ("00", "01", "02") for part in ("Label", "SN", "Members")),
        *("HAOnly", "reconnAtt", "statusTimeout", "AutoReconnectInterval", "haLogStatus", "haLogPath", "logLen"),
        *("aStandbyMembers", "a", "b", "ReceiveTimeout", "ProbeTimeout", "ServerName00", "ServerName01"),
    ]
)
homes = st.sampled_from(["VirtualToken", "HASynchronize", "HAConfiguration", "LunaSA Client"])
values = st.one_of(st.integers(-9, 10**6).map(str), st.text("ab1,; {}\"'é", max_size=6))


@given(st.lists(st.tuples(homes, st.lists(st.tuples(parts, values), max_size=6)), max_size=5))
def test_any_groups_lint_and_every_place_lies_in_the_file(file: list[tuple[str, list[tuple[str, str]]]]) -> None:
    text = "".join(unix(home, *(f"{name} = {value}" for name, value in entries)) for home, entries in file)
    for name in ("Chrystoki.conf", "crystoki.ini"):
        document = parse(text.encode(), name)
        for each in lint(document, name, RULES):
            assert 1 <= each.line <= len(document.lines)
            assert 1 <= each.column <= each.end_column <= len(document.lines[each.line - 1].decode()) + 1


@given(st.binary(max_size=300))
def test_any_bytes_lint(source: bytes) -> None:
    lint(parse(source), "", RULES)
