"""Beginning, end, threads, forks and signals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confkit.emulator.group import running_group
from confkit.emulator.plans import Fault, MemberPlan
from testing.application import (
    ALREADY_INITIALIZED,
    ARGUMENTS_BAD,
    DEVICE_ERROR,
    FUNCTION_FAILED,
    NOT_INITIALIZED,
    OK,
    statuses,
    wait_until,
)
from testing.emulator import THREAD, Built, build_all, sanitizers_work
from testing.programs import needs, unmet

if TYPE_CHECKING:
    from testing.emulator import StartApplication

QUICK = MemberPlan(latency_ms=(0,))
CANT_CREATE_OS_THREADS, OS_LOCKING_OK = 1, 2


def test_initialize_and_finalize(start: StartApplication) -> None:
    with running_group([QUICK], report_early=True) as group:
        application = start(group)
        assert application.rv("initialize-args", OS_LOCKING_OK, 1) == ARGUMENTS_BAD
        assert application.rv("initialize-args", OS_LOCKING_OK) == OK
        assert application.rv("initialize") == ALREADY_INITIALIZED
        assert application.rv("info") == OK
        assert application.rv("finalize-reserved") == ARGUMENTS_BAD
        assert application.rv("finalize") == OK
        assert application.rv("finalize") == NOT_INITIALIZED
        wait_until(lambda: group.counters(0)["connections"] == 1)


@pytest.mark.parametrize("flags", [0, CANT_CREATE_OS_THREADS, OS_LOCKING_OK, CANT_CREATE_OS_THREADS | OS_LOCKING_OK])
def test_initialize_takes_every_combination_of_flags(start: StartApplication, flags: int) -> None:
    with running_group([QUICK]) as group:
        application = start(group)
        for _ in range(2):
            assert application.rv("initialize-args", flags) == OK
            assert statuses(application.state()) == [OK]
            assert application.rv("finalize") == OK


def test_without_threads_the_calls_themselves_recover_a_member(start: StartApplication) -> None:
    plans = [QUICK, MemberPlan(latency_ms=(0,), fault=Fault("refuse"))]
    with running_group(plans, reconnect_interval_ms=10, report_early=True) as group:
        application = start(group)
        assert application.rv("initialize-args", CANT_CREATE_OS_THREADS) == OK
        assert Path(f"/proc/{application.process.pid}/task").is_dir()
        assert len(list(Path(f"/proc/{application.process.pid}/task").iterdir())) == 1
        assert statuses(application.state()) == [OK, DEVICE_ERROR]
        group.set_fault(1, None)
        wait_until(lambda: statuses(application.state()) == [OK, OK])


def test_every_function_is_exported_and_in_the_list(start: StartApplication, tmp_path: Path) -> None:
    assert start(tmp_path).ask("functions") == "0 2.20 68"


def test_a_second_caller_is_turned_away_and_counted(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], status_timeout=60, report_early=True) as group:
        application = start(group, initialised=True)
        assert application.ask("concurrent") == "0"
        application.ask("begin", 0)
        wait_until(lambda: group.counters(0)["pings"] == 1)
        assert application.state().rv == FUNCTION_FAILED
        assert application.state(command="old-state").rv == FUNCTION_FAILED
        assert application.ask("concurrent") == "2"
        assert application.messages().count("serialise them") == 2
        application.ask("finalize")
        application.send("join")
        assert application.receive_call().rv == NOT_INITIALIZED
        assert application.rv("initialize") == OK
        group.set_fault(0, None)
        assert statuses(application.state()) == [OK]


def test_a_forked_child_begins_anew(start: StartApplication) -> None:
    with running_group([QUICK], report_early=True) as group:
        application = start(group, initialised=True)
        assert application.numbers("fork") == [NOT_INITIALIZED, OK, OK, OK]
        assert statuses(application.state()) == [OK]
        assert group.counters(0)["connections"] == 2


def test_a_child_forked_during_a_status_call_does_not_hang(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], second_ms=300, report_early=True) as group:
        application = start(group, initialised=True)
        application.ask("begin", 0)
        wait_until(lambda: group.counters(0)["pings"] == 1)
        assert application.numbers("fork") == [NOT_INITIALIZED, OK, OK, OK]
        application.send("join")
        assert statuses(application.receive_call()) == [DEVICE_ERROR]


def test_an_unloaded_library_that_was_not_finalized_does_no_harm(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("refuse"))], reconnect_interval_ms=5, report_early=True) as group:
        application = start(group, initialised=True)
        assert application.ask("unload") == "0"
        group.set_fault(0, None)
        wait_until(lambda: group.counters(0)["connections"] == 1)  # the recovery thread goes on
        assert application.rv("info") == OK


def test_signals_do_not_shorten_a_call(start: StartApplication) -> None:
    with running_group([MemberPlan(fault=Fault("hang"))], second_ms=50, report_early=True) as group:
        application = start(group, initialised=True)
        alarms, rv, nanoseconds, _ = application.ask("interrupted", 0).split()
    assert (alarms, rv) == ("1", "0")
    assert int(nanoseconds) >= 3 * 50 * 1_000_000


@pytest.mark.parametrize("sanitizer", ["address", "thread"])
def test_many_threads_at_once(start: StartApplication, tmp_path: Path, sanitizer: str) -> None:
    needs("cc")
    built: Built | None = None
    if sanitizer == "thread":
        if not sanitizers_work(tmp_path, THREAD):
            unmet("needs the run-time library of the thread sanitizer")
        built = build_all(tmp_path, THREAD)
    with running_group([QUICK] * 3, ha_only=True, reconnect_interval_ms=2, report_early=True) as group:
        application = start(group, initialised=True, built=built)
        application.send("storm", 60)
        for fault in ("reset", None, "refuse", None, "flap:0.5", None):
            group.set_fault(1, fault)
        assert int(application.receive()) > 0
        assert application.rv("finalize") == OK
