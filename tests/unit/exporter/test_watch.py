"""When rounds and checks are made, on a clock of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.core.errors import FileError
from confkit.exporter.watch import Means, Pace, Watch, WatchClock

FEW = plan_for(0.5)


class StoppedError(Exception):
    """The clock of a test has come to its end."""


class Time:
    """A clock that stands still but for `sleep` and for what a test adds; it stops after a number of sleeps."""

    def __init__(self, sleeps: int = 0) -> None:
        self.seconds = 100.0
        self.slept: list[float] = []
        self._sleeps = sleeps

    def clock(self) -> WatchClock:
        return WatchClock(lambda: self.seconds, lambda: 1_000_000 + self.seconds, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        if len(self.slept) == self._sleeps:
            raise StoppedError


def sleeps(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], float]:
    """Run it with steps of 25 s, each of them a check; return how long it sleeps, and when it last checked."""
    time = Time(count)
    watched = Watch(
        CheckRequest(str(tmp_path / "none.conf"), FEW), Pace(10, 3600), lambda _line: None, Means(time.clock())
    )

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
    watched = Watch(
        CheckRequest(str(tmp_path / "none.conf"), FEW), Pace(10, 30), lambda _line: None, Means(time.clock())
    )
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
    watched = Watch(
        CheckRequest(str(tmp_path / "none.conf"), FEW), Pace(10, 30), lambda _line: None, Means(Time().clock())
    )
    watched.step()
    watched.stop()
    assert ended.wait(60)
