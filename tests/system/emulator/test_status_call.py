from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from confkit.emulator.settings import Layout
from testing.application import (
    ARGUMENTS_BAD,
    DEVICE_ERROR,
    FUNCTION_NOT_SUPPORTED,
    NOT_INITIALIZED,
    OK,
    SLOT_ID_INVALID,
    TOKEN_NOT_PRESENT,
    expected_buffer,
    statuses,
    wait_until,
)
from testing.emulator import ADDRESS
from testing.programs import unmet

if TYPE_CHECKING:
    from testing.emulator import Built, StartApplication

QUICK = MemberPlan(latency_ms=(0,))
VENDOR_CODE = 0x80000004
MILLISECOND = 1_000_000
LONGEST = 60_000 * MILLISECOND  # statusTimeout = 60


def test_sanitizers_watch_these_tests(built: Built) -> None:
    if built.flags != ADDRESS:
        unmet("needs the run-time libraries of the address and undefined-behaviour sanitizers")
    assert b"__asan_" in Path(built.library).read_bytes()


def test_sizes_and_offsets_of_the_driver_are_the_published_ones(start: StartApplication, tmp_path: Path) -> None:
    # Member size, offset of the status in it, offsets of memberList and listSize, total size: Linux, 8-byte CK_ULONG.
    v1, v2, documented = [16, 8, 8, 520, 528], [32, 24, 24, 1048, 1056], [24, 16, 16, 784, 792]
    assert start(tmp_path).numbers("layouts") == [*v1, *v2, *documented]


@pytest.mark.parametrize("layout", get_args(Layout))
@pytest.mark.parametrize("command", ["state", "old-state"])
def test_every_byte_of_every_layout(start: StartApplication, layout: Layout, command: str) -> None:
    plans = [QUICK, MemberPlan(fault=Fault("status", VENDOR_CODE)), QUICK]
    with running_group(plans, layout=layout, report_early=True) as group:
        call = start(group, initialised=True).state(command=command)
    members = dict(zip(group.groups[0].members, [OK, VENDOR_CODE, OK], strict=True))
    assert call.rv == OK
    assert call.buffer == expected_buffer(layout, group.serial, members, len(call.buffer))


def test_serials_of_sixteen_digits_fill_the_field(start: StartApplication, tmp_path: Path) -> None:
    serials = ["1234567890123456", "6543210987654321"]
    conf = f"VirtualToken = {{\nVirtualToken00Label=l;\nVirtualToken00SN={serials[0]};\nVirtualToken00Members={serials[1]};\n}}"
    for layout in get_args(Layout):
        tmp_path.joinpath("Chrystoki.conf").write_text(
            f"{conf}\nHAConfiguration = {{\nHAOnly=1;\n}}\nEmulator = {{\nlayout={layout};\nreport=early;\n}}\n"
        )
        call = start(tmp_path, initialised=True).state()
        assert call.buffer == expected_buffer(layout, serials[0], {serials[1]: DEVICE_ERROR}, len(call.buffer))


def test_nothing_works_before_initialize_and_after_finalize(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group)
        for _ in range(2):
            for command in ("state", "old-state", "info", "slots", "finalize"):
                assert application.rv(command) == NOT_INITIALIZED
            for command in ("slot", "token"):
                assert application.ask(command, 0).startswith(f"{NOT_INITIALIZED}|")
            assert application.rv("open", 0, 4) == NOT_INITIALIZED
            assert application.rv("close", 1) == NOT_INITIALIZED
            assert application.rv("initialize") == OK
            assert application.state().rv == OK
            assert application.rv("finalize") == OK


def test_wrong_arguments(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group, initialised=True)
        assert set(application.numbers("null", 0)) == {ARGUMENTS_BAD}
        for command in ("state", "old-state"):
            assert application.state(1, command).rv == SLOT_ID_INVALID
            assert application.state(2**63, command).rv == SLOT_ID_INVALID


@pytest.mark.parametrize("code", [FUNCTION_NOT_SUPPORTED, SLOT_ID_INVALID, TOKEN_NOT_PRESENT])
def test_a_slot_that_is_no_group(start: StartApplication, code: int) -> None:
    switches: dict[str, Any] = {} if code == FUNCTION_NOT_SUPPORTED else {"other_slot_return": code}
    with running_group([QUICK], ha_only=False, **switches) as group:
        application = start(group, initialised=True)
        assert application.state(0).rv == code
        assert application.state(0, "old-state").rv == code
        assert application.state(1).rv == OK


def test_the_new_call_opens_no_session_and_the_old_one_does(start: StartApplication) -> None:
    calls = 20
    with running_group([QUICK, QUICK]) as group:
        application = start(group, initialised=True)
        for _ in range(calls):
            assert statuses(application.state()) == [OK, OK]
        for member in range(2):
            assert group.counters(member) == {
                "connections": 1,
                "requests": calls,
                "pings": calls,
                "calls": 0,
                "sessions_opened": 0,
                "sessions_closed": 0,
            }
        for _ in range(calls):
            assert statuses(application.state(command="old-state")) == [OK, OK]
        for member in range(2):
            assert group.counters(member) == {
                "connections": 1,
                "requests": 3 * calls,
                "pings": calls,
                "calls": 0,
                "sessions_opened": calls,
                "sessions_closed": calls,
            }


def test_an_old_client_has_only_the_old_call(start: StartApplication) -> None:
    with running_group([QUICK], current_ha_state=False) as group:
        application = start(group, initialised=True)
        assert application.ask("has-current") == "0"
        assert statuses(application.state(command="old-state")) == [OK]


def test_all_32_members_are_asked_before_one_has_answered(start: StartApplication) -> None:
    with running_group([MemberPlan(latency_ms=(60_000,))] * 32, status_timeout=60) as group:
        application = start(group, initialised=True)
        application.ask("begin", 0)
        wait_until(lambda: [group.counters(member)["pings"] for member in range(32)] == [1] * 32)
        # C_Finalize ends the waiting at once; nothing here waits for the minute.
        assert application.rv("finalize") == OK
        application.send("join")
        assert application.receive_call().rv == NOT_INITIALIZED


def test_the_old_call_asks_one_member_after_the_other(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("hang")), QUICK]) as group:
        application = start(group, initialised=True)
        application.ask("begin", 0, 1)
        wait_until(lambda: group.counters(0)["requests"] == 1)
        assert group.counters(1)["requests"] == 0
        assert application.rv("finalize") == OK
        application.send("join")
        assert application.receive_call().rv == NOT_INITIALIZED


def test_with_report_early_a_failure_is_reported_at_once(start: StartApplication) -> None:
    with running_group([QUICK, MemberPlan(fault=Fault("reset"))], report_early=True, status_timeout=60) as group:
        call = start(group, initialised=True).state()
    assert statuses(call) == [OK, DEVICE_ERROR]
    assert call.nanoseconds < LONGEST


def test_a_failure_is_reported_when_the_time_is_over(start: StartApplication) -> None:
    plans = [QUICK, MemberPlan(fault=Fault("reset"))]
    with running_group(plans, status_timeout=4, second_ms=200) as group:
        application = start(group, initialised=True)
        for _ in range(2):  # the second time the member is known to be unreachable
            call = application.state()
            assert statuses(call) == [OK, DEVICE_ERROR]
            assert call.nanoseconds >= 4 * 200 * MILLISECOND


def test_without_a_failure_the_report_does_not_wait(start: StartApplication) -> None:
    with running_group([QUICK, QUICK], status_timeout=60) as group:
        call = start(group, initialised=True).state()
    assert statuses(call) == [OK, OK]
    assert call.nanoseconds < LONGEST


def test_every_report_may_wait_until_the_time_is_over(start: StartApplication) -> None:
    with running_group([QUICK, QUICK], report_always_at_timeout=True, status_timeout=4, second_ms=200) as group:
        call = start(group, initialised=True).state()
    assert statuses(call) == [OK, OK]
    assert call.nanoseconds >= 4 * 200 * MILLISECOND


def test_finalize_ends_the_waiting_for_the_time_to_be_over(start: StartApplication) -> None:
    with running_group([QUICK], report_always_at_timeout=True, status_timeout=60) as group:
        application = start(group, initialised=True)
        application.ask("begin", 0)
        wait_until(lambda: group.counters(0)["pings"] == 1)
        assert application.rv("finalize") == OK
        application.send("join")
        assert application.receive_call().rv == NOT_INITIALIZED


@pytest.mark.parametrize(("switches", "rv"), [({}, OK), ({"all_down_return": TOKEN_NOT_PRESENT}, TOKEN_NOT_PRESENT)])
def test_all_members_down(start: StartApplication, switches: dict[str, Any], rv: int) -> None:
    with running_group([MemberPlan(fault=Fault("refuse"))] * 2, report_early=True, **switches) as group:
        application = start(group, initialised=True)
        for command in ("state", "old-state"):
            call = application.state(command=command)
            assert call.rv == rv
            assert statuses(call) == [DEVICE_ERROR, DEVICE_ERROR]


def test_a_late_answer_is_not_taken_for_that_to_a_later_request(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("slow", 1300))], second_ms=334) as group:
        application = start(group, initialised=True)
        begin = time.monotonic()
        assert statuses(application.state()) == [DEVICE_ERROR]  # after 1 s; its answer CKR_OK comes after 1.3 s
        group.set_fault(0, Fault("status", VENDOR_CODE))
        while time.monotonic() < begin + 1.6:
            assert statuses(application.state()) == [VENDOR_CODE]


def test_two_groups_over_the_same_appliances(start: StartApplication) -> None:
    with running_group([QUICK, QUICK], groups=2, label="site") as group:
        application = start(group, initialised=True)
        assert application.slots() == [f"HA Virtual Card Slot {named.serial}" for named in group.groups]
        for slot, named in enumerate(group.groups):
            call = application.state(slot)
            members = dict.fromkeys(named.members, OK)
            assert call.buffer == expected_buffer("serial20", named.serial, members, len(call.buffer))
    assert [named.label for named in group.groups] == ["site", "site-2"]
