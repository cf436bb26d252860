from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.application import DEVICE_ERROR, OK, SLOT_ID_INVALID, TOKEN_NOT_PRESENT, statuses, wait_until

if TYPE_CHECKING:
    from confkit.emulator.settings import Recovery
    from testing.emulator import StartApplication

QUICK = MemberPlan(latency_ms=(0,))
SERIAL_SESSION = 4
BUFFER_TOO_SMALL = 0x150
SESSION_COUNT, SESSION_HANDLE_INVALID, SESSION_PARALLEL_NOT_SUPPORTED = 0xB1, 0xB3, 0xB4


def test_with_haonly_there_are_virtual_slots_only(start: StartApplication) -> None:
    with running_group([QUICK] * 3, label="payments", groups=2, report_early=True) as group:
        application = start(group, initialised=True)
        assert application.slots() == [f"HA Virtual Card Slot {named.serial}" for named in group.groups]
        rv, description, manufacturer, flags, firmware = application.ask("slot", 0).split("|")
        assert (int(rv), description) == (OK, "HA Virtual Card Slot".ljust(64))
        assert (manufacturer, int(flags), firmware) == ("Safenet, Inc.".ljust(32), 5, "7.8")
        rv, label, manufacturer, model, serial, flags = application.ask("token", 1).split("|")
        assert (int(rv), label, serial) == (OK, "payments-2".ljust(32), group.groups[1].serial.ljust(16))
        assert (manufacturer, model) == ("Safenet, Inc.".ljust(32), "LunaVirtual".ljust(16))
        assert int(flags) & 0x400  # CKF_TOKEN_INITIALIZED


def test_without_haonly_the_partitions_come_first(start: StartApplication) -> None:
    with running_group([QUICK] * 2, groups=2, ha_only=False, report_early=True) as group:
        application = start(group, initialised=True)
        partitions = [f"Net Token Slot {serial}" for member in group.members for serial in member.serials]
        groups = [f"HA Virtual Card Slot {named.serial}" for named in group.groups]
        assert application.slots() == [*partitions, *groups]
        assert application.ask("slot", 0).split("|")[3:] == ["7", "0.0"]
        assert application.ask("token", 0).split("|")[3].startswith("LunaSA")


def test_unknown_slots(start: StartApplication) -> None:
    with running_group([QUICK], report_early=True) as group:
        application = start(group, initialised=True)
        for slot in (1, 2**32, 2**64 - 1):
            assert application.ask("slot", slot).startswith(f"{SLOT_ID_INVALID}|")
            assert application.ask("token", slot).startswith(f"{SLOT_ID_INVALID}|")
            assert application.rv("open", slot, SERIAL_SESSION) == SLOT_ID_INVALID


def test_too_little_room_for_the_slots(start: StartApplication) -> None:
    with running_group([QUICK] * 3, ha_only=False, report_early=True) as group:
        application = start(group, initialised=True)
        assert application.numbers("slots", 0) == [OK, 4]
        assert application.numbers("slots", 3) == [BUFFER_TOO_SMALL, 4]
        assert application.numbers("slots", 4) == [OK, 4, 0, 1, 2, 3]


def test_a_lost_and_a_recovered_member_renumber_the_slots(start: StartApplication) -> None:
    with running_group([QUICK] * 3, ha_only=False, reconnect_interval_ms=10, report_early=True) as group:
        application = start(group, initialised=True)
        before = application.slots()
        assert before[3].startswith("HA Virtual")
        assert application.state(3).rv == OK
        group.stop_member(0)
        assert application.slots() == before[1:]
        assert application.state(3).rv == SLOT_ID_INVALID
        assert statuses(application.state(2)) == [DEVICE_ERROR, OK, OK]
        group.start_member(0)
        wait_until(lambda: application.slots() == before)
        assert statuses(application.state(3)) == [OK, OK, OK]


def test_with_haonly_slots_keep_their_numbers(start: StartApplication) -> None:
    with running_group([QUICK] * 2, report_early=True) as group:
        application = start(group, initialised=True)
        before = application.slots()
        group.stop_member(0)
        group.stop_member(1)
        assert application.slots() == before
        assert statuses(application.state(0)) == [DEVICE_ERROR, DEVICE_ERROR]


def test_sessions_of_a_group_are_on_the_first_member_that_grants_one(start: StartApplication) -> None:
    with running_group([QUICK] * 2, report_early=True) as group:
        application = start(group, initialised=True)
        rv, session = application.numbers("open", 0, SERIAL_SESSION)
        assert rv == OK
        assert [group.counters(member)["sessions_opened"] for member in range(2)] == [1, 0]
        group.set_fault(0, "removed")
        rv, other = application.numbers("open", 0, SERIAL_SESSION)
        assert rv == OK
        assert other != session
        assert [group.counters(member)["sessions_opened"] for member in range(2)] == [1, 1]
        assert application.rv("close", session) == OK
        assert application.rv("close", other) == OK
        assert [group.counters(member)["sessions_closed"] for member in range(2)] == [1, 1]
        group.set_fault(1, "removed")
        assert application.rv("open", 0, SERIAL_SESSION) == TOKEN_NOT_PRESENT


def test_wrong_sessions(start: StartApplication) -> None:
    with running_group([QUICK], report_early=True) as group:
        application = start(group, initialised=True)
        assert application.rv("open", 0, 0) == SESSION_PARALLEL_NOT_SUPPORTED
        _, session = application.numbers("open", 0, SERIAL_SESSION)
        assert application.rv("close", session) == OK
        for wrong in (session, 0, 1025, 2**64 - 1):
            assert application.rv("close", wrong) == SESSION_HANDLE_INVALID


def test_there_is_a_limit_of_sessions(start: StartApplication) -> None:
    with running_group([QUICK], ha_only=False, report_early=True) as group:
        application = start(group, initialised=True)
        sessions = [application.numbers("open", slot, SERIAL_SESSION) for slot in (0, 1) * 512]
        assert {rv for rv, _ in sessions} == {OK}
        assert len({session for _, session in sessions}) == 1024
        assert application.rv("open", 0, SERIAL_SESSION) == SESSION_COUNT
        assert application.rv("close", sessions[500][1]) == OK
        assert application.rv("open", 0, SERIAL_SESSION) == OK


@pytest.mark.parametrize(("recovery", "after"), [("activeBasic", SESSION_HANDLE_INVALID), ("activeEnhanced", OK)])
def test_a_session_whose_last_member_was_lost(start: StartApplication, recovery: Recovery, after: int) -> None:
    with running_group([QUICK], recovery=recovery, reconnect_interval_ms=10, report_early=True) as group:
        application = start(group, initialised=True)
        opened = [application.numbers("open", 0, SERIAL_SESSION)[1] for _ in range(2)]
        group.stop_member(0)
        assert statuses(application.state()) == [DEVICE_ERROR]
        assert application.rv("close", opened[0]) == OK
        group.start_member(0)
        wait_until(lambda: statuses(application.state()) == [OK])
        assert application.rv("close", opened[1]) == after
        assert application.rv("open", 0, SERIAL_SESSION) == OK


def test_a_server_that_lets_receive_timeout_pass_is_off_line(start: StartApplication) -> None:
    hanging = MemberPlan(latency_ms=(0,), fault=Fault("hang"))
    with running_group([hanging, QUICK], ha_only=False, receive_timeout_ms=1000, report_early=True) as group:
        application = start(group, initialised=True)
        assert len(application.slots()) == 3
        assert application.rv("open", 0, SERIAL_SESSION) == DEVICE_ERROR
        assert len(application.slots()) == 2
        assert statuses(application.state(1)) == [DEVICE_ERROR, OK]


def test_the_old_call_leaves_an_orphan_session_on_a_slow_member(start: StartApplication) -> None:
    with running_group(
        [MemberPlan(latency_ms=(0,), fault=Fault("slow", 60_000)), QUICK], receive_timeout_ms=300
    ) as group:
        application = start(group, initialised=True)
        assert statuses(application.state(command="old-state")) == [DEVICE_ERROR, OK]
        first, second = group.counters(0), group.counters(1)
    assert (first["sessions_opened"], first["sessions_closed"]) == (1, 0)
    assert (second["sessions_opened"], second["sessions_closed"]) == (1, 1)
