"""Sessions, login, mechanisms and empty slots, without SoftHSM2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.application import (
    DEVICE_ERROR,
    FUNCTION_NOT_SUPPORTED,
    OK,
    SLOT_ID_INVALID,
    TOKEN_NOT_PRESENT,
    wait_until,
)

if TYPE_CHECKING:
    from testing.application import Application
    from testing.emulator import StartApplication

QUICK = MemberPlan(latency_ms=(0,))
SERIAL, RW = 4, 2
SECURITY_OFFICER, USER = 0, 1
RO_PUBLIC, RO_USER, RW_PUBLIC, RW_USER, RW_SO = range(5)
FUNCTION_NOT_PARALLEL, MECHANISM_INVALID, NO_EVENT = 0x51, 0x70, 0x08
SESSION_HANDLE_INVALID, SESSION_READ_ONLY_EXISTS = 0xB3, 0xB7
USER_ALREADY_LOGGED_IN, USER_NOT_LOGGED_IN = 0x100, 0x101
USER_TYPE_INVALID, USER_ANOTHER_ALREADY_LOGGED_IN = 0x103, 0x104
# positions in the standard's list
C_INIT_PIN, C_CREATE_OBJECT, C_SIGN_INIT = 10, 20, 42
C_GENERATE_RANDOM, C_GET_FUNCTION_STATUS, C_CANCEL_FUNCTION = 64, 65, 66
WITH_SESSION = [
    number for number in range(C_INIT_PIN, C_GET_FUNCTION_STATUS) if number not in {12, 13, 14, 15, 18, 19}
]  # those that SoftHSM2 would perform


def open_session(application: Application, flags: int = SERIAL | RW, slot: int = 0) -> int:
    rv, session = application.numbers("open", slot, flags)
    assert rv == OK
    return session


def state(application: Application, session: int) -> int:
    rv, slot, state, flags = application.numbers("session-info", session)
    assert (rv, slot) == (OK, 0)
    assert flags & SERIAL
    return state


def test_what_needs_cryptography_says_that_it_is_not_supported(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group, initialised=True)
        session = open_session(application)
        for number in WITH_SESSION:
            assert application.rv("call-function", number, session) == FUNCTION_NOT_SUPPORTED, number
            assert application.rv("call-function", number, session + 1) == SESSION_HANDLE_INVALID, number
        for number in (C_GET_FUNCTION_STATUS, C_CANCEL_FUNCTION):
            assert application.rv("call-function", number, session) == FUNCTION_NOT_PARALLEL
        assert application.numbers("mechanisms", 0) == [OK, MECHANISM_INVALID, 0]


def test_login_and_logout(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group, initialised=True)
        writing, reading = open_session(application), open_session(application, SERIAL)
        assert (state(application, writing), state(application, reading)) == (RW_PUBLIC, RO_PUBLIC)
        assert application.rv("logout", writing) == USER_NOT_LOGGED_IN
        assert application.rv("login", writing, 5) == USER_TYPE_INVALID
        assert application.rv("login", writing, SECURITY_OFFICER) == SESSION_READ_ONLY_EXISTS
        assert application.rv("login", reading, USER) == OK
        assert application.rv("login", writing, USER) == USER_ALREADY_LOGGED_IN
        assert application.rv("login", writing, SECURITY_OFFICER) == USER_ANOTHER_ALREADY_LOGGED_IN
        assert (state(application, writing), state(application, reading)) == (RW_USER, RO_USER)
        assert application.rv("logout", reading) == OK
        assert application.rv("close", reading) == OK
        assert application.rv("login", writing, SECURITY_OFFICER) == OK
        assert state(application, writing) == RW_SO
        assert group.counters(0)["calls"] > 0


def test_the_last_session_takes_the_login_with_it(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group, initialised=True)
        sessions = [open_session(application) for _ in range(3)]
        assert application.rv("login", sessions[0], USER) == OK
        assert application.rv("close-all", 0) == OK
        assert {application.rv("close", session) for session in sessions} == {SESSION_HANDLE_INVALID}
        assert state(application, open_session(application)) == RW_PUBLIC
        assert application.rv("close-all", 1) == SLOT_ID_INVALID


def test_a_call_moves_the_session_to_the_next_living_member(start: StartApplication) -> None:
    with running_group([QUICK] * 3, receive_timeout_ms=200, reconnect_interval_ms=10) as group:
        application = start(group, initialised=True)
        session = open_session(application)
        group.stop_member(0)
        assert application.rv("login", session, USER) == OK
        group.set_fault(1, "hang")
        assert application.rv("logout", session) == OK
        assert group.counters(2)["sessions_opened"] == 1
        group.set_fault(2, "status:CKR_DEVICE_REMOVED")
        assert application.rv("login", session, USER) == DEVICE_ERROR
        group.set_fault(2, "status:CKR_PIN_EXPIRED")  # an answer to the call, which no other member would change
        assert application.rv("login", session, USER) == 0xA3
        for index in (1, 2):
            group.set_fault(index, None)
        wait_until(lambda: application.rv("login", session, USER) == OK)


def test_with_active_basic_the_login_goes_with_the_last_member(start: StartApplication) -> None:
    with running_group([QUICK], recovery="activeBasic", reconnect_interval_ms=10) as group:
        application = start(group, initialised=True)
        lost = open_session(application)
        assert application.rv("login", lost, USER) == OK
        group.stop_member(0)
        assert application.rv("logout", lost) == DEVICE_ERROR
        group.start_member(0)
        wait_until(lambda: application.rv("logout", lost) == SESSION_HANDLE_INVALID)
        session = open_session(application)
        assert state(application, session) == RW_PUBLIC
        assert application.rv("login", session, USER) == OK
        assert state(application, open_session(application)) == RW_USER


def test_slots_without_a_token(start: StartApplication) -> None:
    with running_group([QUICK], empty_ha_slots=2, empty_slots=1) as group:
        application = start(group, initialised=True)
        assert application.numbers("slots", 256) == [OK, 1, 0]
        assert application.numbers("slots", 256, 1) == [OK, 4, 0, 1, 2, 3]
        for slot, description in ((1, "HA Virtual Card Slot"), (2, "HA Virtual Card Slot"), (3, "Net Token Slot")):
            rv, found, _, flags, _ = application.ask("slot", slot).split("|")
            assert (int(rv), found.rstrip(), int(flags) & 1) == (OK, description, 0)
            assert application.ask("token", slot).startswith(f"{TOKEN_NOT_PRESENT}|")
            assert application.rv("open", slot, SERIAL) == TOKEN_NOT_PRESENT
            assert application.state(slot).rv == TOKEN_NOT_PRESENT
            assert application.state(slot, "old-state").rv == TOKEN_NOT_PRESENT
            assert application.numbers("mechanisms", slot)[:2] == [TOKEN_NOT_PRESENT, TOKEN_NOT_PRESENT]
        assert application.state(4).rv == SLOT_ID_INVALID


@pytest.mark.parametrize("slots", [-1, 33])
def test_too_many_or_too_few_slots_without_a_token(slots: int) -> None:
    with pytest.raises(ValueError, match="0 to 32 slots without a token"):
        running_group(1, empty_slots=slots).__enter__()


def test_no_slot_reports_events(start: StartApplication) -> None:
    with running_group([QUICK]) as group:
        application = start(group, initialised=True)
        assert application.rv("wait-for-slot-event", 1) == NO_EVENT
        assert application.rv("wait-for-slot-event", 0) == FUNCTION_NOT_SUPPORTED
