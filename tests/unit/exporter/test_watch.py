"""Rounds and checks in turn, over a real group, without the wait between them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from confkit.check.checker import CheckRequest
from confkit.check.results import plan_for
from confkit.core.errors import FileError
from confkit.emulator.group import running_group
from confkit.exporter.watch import Clock, Pace, Watch
from confkit.reports.check.metrics import exposition
from testing.programs import needs

FEW = plan_for(0.5)  # 5 clean calls


@pytest.fixture(autouse=True)
def _compiler() -> None:
    needs("gcc")


def at_once(task: Callable[[], None]) -> None:
    """Make a check in this thread, so that a step has its result."""
    task()


def watch(config: str, pace: Pace, said: list[str], clock: Clock | None = None) -> Watch:
    return Watch(CheckRequest(config, FEW), pace, said.append, clock, at_once)


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


class StoppedError(Exception):
    """The clock of a test has come to its end."""


class Time:
    """A clock that stands still but for `sleep` and for what a test adds; it stops after a number of sleeps."""

    def __init__(self, sleeps: int = 0) -> None:
        self.seconds = 100.0
        self.slept: list[float] = []
        self._sleeps = sleeps

    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, lambda: 1_000_000 + self.seconds, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        if len(self.slept) == self._sleeps:
            raise StoppedError


def sleeps(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], float]:
    """Run it with steps of 25 s, each of them a check; return how long it sleeps, and when it last checked."""
    time = Time(count)
    watched = watch(str(tmp_path / "Chrystoki.conf"), Pace(10, 3600), [], time.clock())

    def step() -> None:
        time.seconds += 25.0
        watched._checked = time.seconds

    with monkeypatch.context() as patched:
        patched.setattr(watched, "step", step)
        with pytest.raises(StoppedError):
            watched.run()
    return time.slept, watched._checked


def test_rounds_begin_at_multiples_of_the_interval(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A round that lasts two and a half intervals is followed by half an interval of rest; the first by any part."""
    (first, *later), _ = sleeps(3, tmp_path, monkeypatch)
    assert 0 <= first < 10
    assert later == pytest.approx([5.0, 5.0])


def test_exporters_that_were_started_together_do_not_stay_in_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs = [sleeps(1, tmp_path, monkeypatch) for _ in range(20)]
    checked = [when for _, when in runs]
    assert len({round(slept[0]) for slept, _ in runs}) > 3
    assert all(100 + 25 - 3600 < each <= 100 + 25 for each in checked)
    assert max(checked) - min(checked) > 900  # of 3600: twenty at random are closer together once in 10^9 runs


def test_rounds_go_on_while_a_check_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The check ends when the test lets it; until then rounds are made and no other check begins."""
    going, ended = threading.Event(), threading.Event()
    checks: list[int] = []

    def check(_request: CheckRequest, _tell: object) -> NoReturn:
        checks.append(1)
        going.set()
        ended.wait(60)
        raise FileError("no answer")

    monkeypatch.setattr("confkit.exporter.watch.check", check)
    time = Time()
    watched = Watch(CheckRequest(str(tmp_path / "none.conf"), FEW), Pace(10, 30), lambda _line: None, time.clock())
    try:
        watched.step()
        assert going.wait(60)
        for _ in range(5):
            time.seconds += 100
            watched.step()
        assert (watched.state.rounds, len(checks)) == (6, 1)
    finally:
        ended.set()
    watched.stop()
    time.seconds += 100
    watched.step()
    watched.stop()
    assert len(checks) == 2


def test_the_check_under_way_ends_with_the_exporter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended = threading.Event()

    def check(_request: CheckRequest, tell: Callable[[object], None]) -> NoReturn:
        try:
            while True:
                tell(None)
        finally:
            ended.set()

    monkeypatch.setattr("confkit.exporter.watch.check", check)
    watched = Watch(CheckRequest(str(tmp_path / "none.conf"), FEW), Pace(10, 30), lambda _line: None, Time().clock())
    watched.step()
    watched.stop()
    assert ended.wait(60)
