from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan, fault_from_text
from testing.application import DEVICE_ERROR, OK, TOKEN_NOT_PRESENT, statuses, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.emulator.group import EmulatedGroup
    from testing.emulator import StartApplication

QUICK = MemberPlan(latency_ms=(0,))
VENDOR_CODE = 0x80000024
TIMEOUT = 4 * 250 * 1_000_000  # ns: statusTimeout = 4, and a second of 250 ms

WAITS = {"hang", "slow:600000", "half-open"}
SWITCHES: dict[str, Any] = {"reconnect_interval_ms": 10, "receive_timeout_ms": 1000}
EXPECTED = {
    "hang": DEVICE_ERROR,
    "refuse": DEVICE_ERROR,
    "reset": DEVICE_ERROR,
    "slow:600000": DEVICE_ERROR,
    "slow:1": OK,
    "half-open": DEVICE_ERROR,
    "status:CKR_TIMEOUT": VENDOR_CODE,
    "status:CKR_SESSION_HANDLE_INVALID": 0xB3,
    "flap:1": DEVICE_ERROR,
    "flap:0": OK,
    "removed": TOKEN_NOT_PRESENT,
}


@pytest.fixture(scope="module")
def hasty() -> Iterator[EmulatedGroup]:
    """A group whose time-out passes soon."""
    with running_group([QUICK] * 2, status_timeout=4, second_ms=250, **SWITCHES, report_early=True) as group:
        yield group


@pytest.fixture(scope="module")
def patient() -> Iterator[EmulatedGroup]:
    """A group that waits for long: a busy machine shall not be taken for a slow member."""
    with running_group([QUICK] * 2, status_timeout=60, **SWITCHES, report_early=True) as group:
        yield group


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_that_comes_while_the_client_runs(
    start: StartApplication,
    hasty: EmulatedGroup,
    patient: EmulatedGroup,
    fault: str,
) -> None:
    group = hasty if fault in WAITS else patient
    application = start(group, initialised=True)
    assert statuses(application.state()) == [OK, OK]
    group.set_fault(1, fault)
    call = application.state()
    group.set_fault(1, None)
    assert call.rv == OK
    assert statuses(call) == [OK, EXPECTED[fault]]
    if fault in WAITS:
        assert call.nanoseconds >= TIMEOUT
    wait_until(lambda: statuses(application.state()) == [OK, OK])


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_that_is_there_when_the_client_begins(
    start: StartApplication,
    hasty: EmulatedGroup,
    patient: EmulatedGroup,
    fault: str,
) -> None:
    group = hasty if fault in WAITS else patient
    group.set_fault(1, fault)
    application = start(group, initialised=True)
    call = application.state()
    group.set_fault(1, None)
    assert statuses(call) == [OK, EXPECTED[fault]]
    wait_until(lambda: statuses(application.state()) == [OK, OK])


def test_a_fault_may_be_part_of_the_plan(start: StartApplication) -> None:
    with running_group([QUICK, MemberPlan(fault=fault_from_text("removed"))], report_early=True) as group:
        assert statuses(start(group, initialised=True).state()) == [OK, TOKEN_NOT_PRESENT]


def test_a_flapping_member_fails_now_and_then(start: StartApplication) -> None:
    with running_group([MemberPlan(latency_ms=(0,), seed=7, fault=Fault("flap", 0.3))], report_early=True) as group:
        application = start(group, initialised=True)
        seen = Counter(statuses(application.state())[0] for _ in range(100))
    assert set(seen) == {OK, DEVICE_ERROR}
    assert 10 < seen[DEVICE_ERROR] < 60  # the seed makes it the same every time


def test_a_killed_member_and_its_return(start: StartApplication) -> None:
    with running_group([QUICK] * 2, reconnect_interval_ms=10, report_early=True) as group:
        application = start(group, initialised=True)
        group.stop_member(0)
        assert statuses(application.state()) == [DEVICE_ERROR, OK]
        group.start_member(0)
        assert group.counters(0)["requests"] == 0
        wait_until(lambda: statuses(application.state()) == [OK, OK])


def test_a_paused_member_and_its_return(start: StartApplication) -> None:
    with running_group([QUICK] * 2, status_timeout=4, second_ms=250, report_early=True) as group:
        application = start(group, initialised=True)
        group.pause_member(1)
        call = application.state()
        assert statuses(call) == [OK, DEVICE_ERROR]
        assert call.nanoseconds >= TIMEOUT
        group.resume_member(1)
        wait_until(lambda: statuses(application.state()) == [OK, OK])
        assert group.counters(1)["connections"] == 1  # it never lost its connection


def test_only_the_recovery_thread_reconnects(start: StartApplication) -> None:
    plans = [QUICK, MemberPlan(latency_ms=(0,), fault=Fault("refuse"))]
    with running_group(plans, report_early=True) as group:  # AutoReconnectInterval: 60 s
        application = start(group, initialised=True)
        group.set_fault(1, None)
        for command in ("state", "old-state") * 3:
            assert statuses(application.state(command=command)) == [OK, DEVICE_ERROR]
        assert group.counters(1)["connections"] == 0


def test_a_member_down_at_the_start_is_recovered(start: StartApplication) -> None:
    plans = [QUICK, MemberPlan(latency_ms=(0,), fault=Fault("refuse"))]
    with running_group(plans, reconnect_interval_ms=10, report_early=True) as group:
        application = start(group, initialised=True)
        assert statuses(application.state()) == [OK, DEVICE_ERROR]
        group.set_fault(1, None)
        wait_until(lambda: statuses(application.state()) == [OK, OK])


def test_new_latency_counts_from_the_next_request_on(start: StartApplication) -> None:
    with running_group([MemberPlan(latency_ms=(60_000,))], status_timeout=4, second_ms=250, report_early=True) as group:
        application = start(group, initialised=True)
        assert statuses(application.state()) == [DEVICE_ERROR]
        group.set_latency(0, 0)
        assert statuses(application.state()) == [OK]


def test_a_list_of_latencies_is_used_over_and_over(start: StartApplication) -> None:
    with running_group(
        [MemberPlan(latency_ms=(0, 60_000))], status_timeout=4, second_ms=250, report_early=True
    ) as group:
        application = start(group, initialised=True)
        assert [statuses(application.state()) for _ in range(4)] == [[OK], [DEVICE_ERROR]] * 2
