"""Rounds and checks over a real group, without the wait between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.emulator.group import running_group
from confkit.exporter.watch import Means, Pace, Watch
from confkit.reports.check.metrics import exposition
from testing.programs import needs

FEW = plan_for(0.5)  # 5 clean calls


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def at_once(task: Callable[[], None]) -> None:
    """Make a check in this thread, so that a step has its result."""
    task()


def watch(config: str, pace: Pace, said: list[str]) -> Watch:
    return Watch(CheckRequest(config, FEW), pace, said.append, Means(begin=at_once))


def verdict(watched: Watch) -> str:
    text = exposition(watched.state.check)
    return next((line.split('verdict="')[1].split('"')[0] for line in text.splitlines() if line.endswith("} 1.0")), "")


def test_a_member_that_begins_to_fail_is_explained_by_a_check_and_comes_back() -> None:
    said: list[str] = []
    with running_group(2, second_ms=20, status_timeout=20, receive_timeout_ms=1000, report_early=True) as group:
        watched = watch(group.config_path, Pace(0.001, 3600), said)
        serial = group.members[1].serial
        watched.step()
        assert (watched.state.members[serial], verdict(watched)) == ("up", "sufficient")
        group.set_fault(1, "refuse")
        watched.step()
        assert (watched.state.members[serial], verdict(watched)) == ("down", "member_down")
        group.set_fault(1, None)
        watched.step()
        assert watched.state.members[serial] == "up"
        assert verdict(watched) == "member_down"  # until the next check, which is not due
    assert said == []


def test_a_check_is_made_when_it_is_due_and_when_the_timeout_was_changed() -> None:
    with running_group(1, status_timeout=3, report_early=True) as group:
        watched = watch(group.config_path, Pace(0.001, 3600), [])
        watched.step()
        first = watched.state.check
        watched.step()
        assert watched.state.check is first
        path = Path(group.config_path)
        path.write_text(path.read_text().replace("statusTimeout = 3", "statusTimeout = 4"))
        watched.step()
        assert (watched.state.configured_seconds, watched.state.checked_seconds) == (4, 4)
        often = watch(group.config_path, Pace(0.001, 0.001), [])
        often.step()
        first = often.state.check
        often.step()
        assert often.state.check is not first


def test_news_does_not_turn_every_round_into_a_check() -> None:
    with running_group(2, report_early=True) as group:
        watched = watch(group.config_path, Pace(3600, 3600), [])
        watched.step()
        group.set_fault(1, "refuse")
        watched.step()
        assert watched.state.members[group.members[1].serial] == "unknown"
        assert verdict(watched) == "sufficient"


def test_what_fails_is_said_once_and_its_end_too(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "Chrystoki.conf"
    path.write_text("Chrystoki2 = {\n   LibUNIX64 = /no/such/library.so;\n}\n")
    watched = watch(str(path), Pace(1, 3600), said)
    watched.step()
    watched.step()
    assert [line.startswith("a round failed at loading: The library /no/such") for line in said] == [True]
    assert verdict(watched) == "unavailable"
    path.unlink()
    watched.step()
    assert len(said) == 2
    assert "there is no such file" in said[1]
    with running_group(1, report_early=True) as group:
        path.write_bytes(Path(group.config_path).read_bytes())
        watched.step()
    assert said[2:] == ["rounds succeed again"]


def test_a_check_that_cannot_be_made_leaves_the_last_one(tmp_path: Path) -> None:
    watched = watch(str(tmp_path / "Chrystoki.conf"), Pace(1, 0.001), [])
    watched.step()
    assert watched.state.check == ()
