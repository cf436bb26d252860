"""Sessions, logins and operations of several parts when members are lost, with SoftHSM2."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from confkit.emulator import softhsm
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.application import wait_until
from testing.programs import needs
from testing.signing_client import python_client, running
from testing.softhsm import needs_softhsm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confkit.emulator.group import EmulatedGroup
    from confkit.emulator.settings import Recovery
    from testing.signing_client import SigningClient

OK, DEVICE_ERROR, OPERATION_NOT_INITIALIZED, SESSION_HANDLE_INVALID = "0", "30", "91", "b3"
USER_ALREADY_LOGGED_IN = "100"


@contextmanager
def logged_in(folder: Path, recovery: Recovery = "activeEnhanced") -> Iterator[tuple[EmulatedGroup, SigningClient]]:
    needs("cc")
    needs_softhsm()
    plans = [MemberPlan(latency_ms=(0,))] * 3
    with (
        running_group(plans, crypto=True, recovery=recovery, reconnect_interval_ms=20, receive_timeout_ms=500) as group,
        running(python_client("with_ctypes"), group, folder) as client,
    ):
        assert [client.line(), client.step("open"), client.step("login"), client.step("random")] == [OK] * 4
        yield group, client


def lose_and_restore(group: EmulatedGroup, client: SigningClient) -> None:
    for index in range(3):
        group.stop_member(index)
    assert client.step("random") == DEVICE_ERROR
    assert client.step("open") == DEVICE_ERROR
    for index in range(3):
        group.start_member(index)


def test_a_session_and_its_login_survive_the_loss_of_two_members(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (group, client):
        group.stop_member(0)
        assert client.step("login") == USER_ALREADY_LOGGED_IN
        group.set_fault(1, "hang")
        assert client.step("login") == USER_ALREADY_LOGGED_IN
        assert client.step("random") == OK


def test_with_active_enhanced_a_session_works_again_after_recovery(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (group, client):
        lose_and_restore(group, client)
        wait_until(lambda: client.step("random") == OK)
        assert client.step("login") == USER_ALREADY_LOGGED_IN


def test_with_active_basic_session_and_login_are_gone(tmp_path: Path) -> None:
    with logged_in(tmp_path, "activeBasic") as (group, client):
        lose_and_restore(group, client)
        wait_until(lambda: client.step("random") == SESSION_HANDLE_INVALID)
        assert [client.step(name) for name in ("open", "login", "random")] == [OK] * 3


def test_an_operation_of_several_parts_ends_with_its_member(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (group, client):
        whole = ["digest-begin", "digest-part", "digest-size", "digest-part", "digest-end"]
        assert [client.step(name) for name in whole] == [OK] * 5
        assert [client.step(name) for name in whole[:2]] == [OK] * 2
        group.stop_member(0)
        assert client.step("digest-part") == DEVICE_ERROR
        assert client.step("digest-part") == OPERATION_NOT_INITIALIZED
        assert [client.step(name) for name in whole] == [OK] * 5
        # one that has begun and has had no part yet is begun by the client itself on the next member
        assert client.step("digest-begin") == OK
        group.stop_member(1)
        assert [client.step(name) for name in whole[1:]] == [OK] * 4


def test_an_operation_that_failed_with_the_group_is_over(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (group, client):
        assert client.step("digest-begin") == OK
        for index in range(3):
            group.set_fault(index, "refuse")
        assert client.step("digest-part") == DEVICE_ERROR
        for index in range(3):
            group.set_fault(index, None)
        wait_until(lambda: client.step("random") == OK)
        assert client.step("digest-begin") == OK


def test_an_operation_costs_one_round_trip(tmp_path: Path) -> None:
    with logged_in(tmp_path) as (group, client):
        before = group.counters(0)["calls"]
        assert [client.step(name) for name in ("digest-begin", "digest-size", "digest-end")] == [OK] * 3
        assert group.counters(0)["calls"] == before + 1


def test_an_application_that_uses_softhsm2_itself_is_not_disturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same process loads SoftHSM2 with tokens of its own, before the emulated client does."""
    own = softhsm.make_tokens(needs_softhsm(), str(tmp_path / "own"), ["own"])
    monkeypatch.setenv("SOFTHSM2_CONF", own.configuration)
    monkeypatch.setenv("OWN_SOFTHSM2", needs_softhsm())
    code = (
        "import ctypes, os, runpy, sys; own = ctypes.CDLL(os.environ['OWN_SOFTHSM2']);"
        "assert own.C_Initialize(None) == 0; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = python_client("with_ctypes")
    command[1:1] = ["-c", code]
    with running_group(1, crypto=True) as group, running(command, group, tmp_path) as client:
        steps = [client.line(), *(client.step(name) for name in ("open", "login", "random", "finalize"))]
        assert steps == [OK] * 5, (tmp_path / "messages").read_text()
