"""How the library reads Chrystoki.conf, seen from outside: files written here by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.application import DEVICE_ERROR, GENERAL_ERROR, OK, Application, expected_buffer, statuses
from testing.programs import unmet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup
    from confkit.emulator.settings import OutsideRange
    from testing.emulator import StartApplication

GROUP = "VirtualToken = {\n VirtualToken00Label = a;\n VirtualToken00SN = 1;\n VirtualToken00Members = 2;\n}\n"
HA_ONLY = "HAConfiguration = {\n HAOnly = 1;\n}\n"
MILLISECOND = 1_000_000
EARLY = "Emulator = {\n report = early;\n}\n"  # no member of these files lives: nothing to wait for


def write(folder: Path, text: str | bytes) -> Path:
    folder.joinpath("Chrystoki.conf").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_no_file(start: StartApplication, tmp_path: Path) -> None:
    application = start(tmp_path)
    assert application.rv("initialize") == GENERAL_ERROR
    assert f"cannot read {tmp_path}/Chrystoki.conf" in application.messages()


def test_without_the_variable_the_file_is_in_etc(start: StartApplication) -> None:
    if os.path.exists("/etc/Chrystoki.conf"):
        unmet("needs a machine without /etc/Chrystoki.conf")
    application = start(None)
    assert application.rv("initialize") == GENERAL_ERROR
    assert "cannot read /etc/Chrystoki.conf" in application.messages()


def test_a_folder_instead_of_the_file(start: StartApplication, tmp_path: Path) -> None:
    tmp_path.joinpath("Chrystoki.conf").mkdir()
    assert start(tmp_path).rv("initialize") == GENERAL_ERROR


def test_an_unknown_layout_is_refused(start: StartApplication, tmp_path: Path) -> None:
    application = start(write(tmp_path, "Emulator = {\n layout = serial21;\n}\n"))
    assert application.rv("initialize") == GENERAL_ERROR
    assert "serial21" in application.messages()


@pytest.mark.parametrize("text", ["", "}\n", "VirtualToken = {", "\n\n{\n", "VirtualToken00Label = outside;\n"])
def test_a_file_without_groups_has_no_slots(start: StartApplication, tmp_path: Path, text: str) -> None:
    assert start(write(tmp_path, text), initialised=True).slots() == []


@pytest.mark.parametrize(
    "text",
    [
        GROUP,
        GROUP.replace(" = ", "="),
        GROUP.replace("\n", "\r\n"),
        GROUP.replace("\n ", "\n\t\t").replace(" = ", "\t=\t"),
        GROUP.removesuffix("\n"),
        f"Misc = {{\n VirtualToken00Label = other;\n}}\n{GROUP}",
        f"# a remark\n{GROUP}",
        GROUP.replace("}", " VirtualToken00Label = second;\n}") + GROUP.replace(" a;", " third;"),
        GROUP.replace(" VirtualToken00Label", " VirtualToken00Label = no semicolon\n VirtualToken00Label"),
        GROUP.replace(";", "; trailing text"),
        GROUP.replace("Token00", "Token07"),
        GROUP.replace("= 2;", "= 2, ;"),
    ],
)
def test_ways_to_write_the_same_group(start: StartApplication, tmp_path: Path, text: str) -> None:
    application = start(write(tmp_path, EARLY + text), initialised=True)
    assert application.slots() == ["HA Virtual Card Slot 1"]
    assert application.ask("token", 0).split("|")[1].rstrip() == "a"
    call = application.state()
    assert call.buffer == expected_buffer("serial20", "1", {"2": DEVICE_ERROR}, len(call.buffer))


def test_a_group_without_members_has_an_empty_list(start: StartApplication, tmp_path: Path) -> None:
    text = "VirtualToken = {\n VirtualToken00Label = a;\n}\n"
    call = start(write(tmp_path, EARLY + text), initialised=True).state()
    assert call.rv == OK
    assert call.buffer == expected_buffer("serial20", "", {}, len(call.buffer))


def test_more_than_32_members_are_cut_off(start: StartApplication, tmp_path: Path) -> None:
    serials = [str(serial) for serial in range(100, 140)]
    application = start(write(tmp_path, EARLY + GROUP.replace("= 2;", f"= {', '.join(serials)};")), initialised=True)
    call = application.state()
    assert "first 32 members" in application.messages()
    members = dict.fromkeys(serials[:32], DEVICE_ERROR)
    assert call.buffer == expected_buffer("serial20", "1", members, len(call.buffer))


def test_a_server_whose_name_means_nothing(start: StartApplication, tmp_path: Path) -> None:
    name = "n" * 64  # longer than a label of a host name may be: no name server is asked
    servers = f"LunaSA Client = {{\n ServerName00 = {name};\n ServerPort00 = 1792;\n}}\n"
    application = start(write(tmp_path, EARLY + GROUP + servers), initialised=True)
    assert statuses(application.state()) == [DEVICE_ERROR]
    assert f"cannot resolve the server name {name}" in application.messages()


def test_a_host_name_and_a_port_that_is_no_number(start: StartApplication, tmp_path: Path) -> None:
    # The port becomes 1792, where nothing listens on this host; what counts is that nothing worse happens.
    servers = "LunaSA Client = {\n ServerName00 = 127.0.0.1;\n ServerPort00 = many;\n}\n"
    assert statuses(start(write(tmp_path, EARLY + GROUP + servers), initialised=True).state()) == [DEVICE_ERROR]


@pytest.fixture(scope="module")
def hanging() -> Iterator[EmulatedGroup]:
    with running_group([MemberPlan(fault=Fault("hang"))], second_ms=10, status_timeout=30) as group:
        yield group


@pytest.mark.parametrize(
    ("entry", "seconds"),
    [
        ("", 3),
        ("3", 3),
        ("5", 5),
        ("2", 3),
        ("-7", 3),
        ("soon", 3),
        ("5.5", 3),
        ("5s", 3),
        ("10000000", 60),
        ("0008", 8),
    ],
)
def test_status_timeout(
    start: StartApplication, hanging: EmulatedGroup, tmp_path: Path, entry: str, seconds: int
) -> None:
    text = Path(hanging.config_path).read_text()
    write(tmp_path, text.replace("statusTimeout = 30;", f"statusTimeout = {entry};" if entry else ""))
    call = start(tmp_path, initialised=True).state()
    # No upper limit: this machine may be busy. 10000000 would take a day if it were not cut to 60.
    assert call.nanoseconds >= seconds * 10 * MILLISECOND


@pytest.mark.parametrize(
    ("choice", "entry", "least", "most"),
    [
        ("clamp", 1, 3, 50),
        ("default", 100, 3, 50),
        ("default", 10, 10, 100),
        ("as-is", 100, 100, 1000),
        ("as-is", 0, 0, 3),
    ],
)
def test_a_status_timeout_outside_its_range_is_taken_as_chosen(
    start: StartApplication, choice: OutsideRange, entry: int, least: int, most: int
) -> None:
    plans = [MemberPlan(fault=Fault("hang"))]
    with running_group(plans, second_ms=20, status_timeout=entry, timeout_outside_range=choice) as group:
        call = start(group, initialised=True).state()
    assert least * 20 * MILLISECOND <= call.nanoseconds < most * 20 * MILLISECOND


def test_an_unknown_choice_in_section_emulator_is_named(start: StartApplication, tmp_path: Path) -> None:
    application = start(write(tmp_path, "Emulator = {\n report = sometimes;\n}\n"))
    assert application.rv("initialize") == GENERAL_ERROR
    assert "report in section Emulator has an unknown value: sometimes. Known are at-timeout" in application.messages()


@pytest.mark.parametrize("entry", ["reconnAtt = 0;", ""])
def test_without_reconnatt_or_with_0_there_is_no_recovery(start: StartApplication, entry: str) -> None:
    with running_group([MemberPlan(fault=Fault("refuse"))] * 2, reconnect_interval_ms=5, report_early=True) as group:
        file = Path(group.config_path)
        file.write_text(file.read_text().replace("reconnAtt = -1;", entry))
        application = start(group, initialised=True)
        group.set_fault(0, None)
        other = start(group)  # a process that begins now reaches the member: its port is open
        assert other.rv("initialize") == OK
        assert group.counters(0)["connections"] == 1
        for _ in range(20):
            assert statuses(application.state()) == [DEVICE_ERROR, DEVICE_ERROR]
        assert group.counters(0)["connections"] == 1


# No ServerName: a random one could make the library ask a name server.
WORDS = [b"VirtualToken", b"LunaSA Client", b"HAConfiguration", b"Emulator", b"00Label", b"00Members", b"statusTimeout"]
MARKS = [b" ", b"\t", b"=", b"{", b"}", b";", b"\n", b"\r\n", b",", b"\0", b"\xff", b"9" * 40, b"-1"]
PIECES = st.sampled_from([*WORDS, *MARKS])


@pytest.fixture
def fuzzed(start: StartApplication, tmp_path: Path) -> Application:
    return start(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.one_of(st.lists(PIECES, max_size=60).map(b"".join), st.binary(max_size=300)))
def test_no_file_harms_the_library(fuzzed: Application, tmp_path: Path, source: bytes) -> None:
    """The sanitizers are watching: an application that came to harm would give no answer."""
    write(tmp_path, source)
    if fuzzed.rv("initialize") == OK:
        fuzzed.slots()
        fuzzed.state()
        assert fuzzed.rv("finalize") == OK
