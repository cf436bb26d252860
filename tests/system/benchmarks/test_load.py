"""The simulation of a fleet's load, held against its page, against arithmetic and against counting by hand."""

from __future__ import annotations

import random
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import load
from benchmarks.load import Session
from confkit.check.next_run import FAILURES
from confkit.core import timeout
from testing.programs import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "load.md"
QUICK = 10_000
"""Clients up to which the table is made in every run; the rest of it takes half a minute, and is for the long one."""


def test_the_page_shows_what_the_simulation_gives(long_campaign: bool) -> None:
    part = PAGE.read_text().split("## What comes of it\n")[1].split("\n## ")[0]
    shown = [line for line in part.splitlines() if line.startswith("|")]
    made = [
        load.row(situation, clients)
        for situation in load.situations()
        for clients in load.FLEETS
        if long_campaign or clients <= QUICK
    ]
    assert [line for line in shown if line in made] == made
    assert len(shown) == 2 + len(load.situations()) * len(load.FLEETS)


def test_the_defaults_are_those_that_the_page_names() -> None:
    assert load.shipped() == load.Defaults(60, 3, 3600, 66, 0.1, 3600)


@pytest.mark.parametrize("clients", [1, 40])
def test_the_mean_is_clients_times_calls_over_the_period(clients: int) -> None:
    chance = random.Random(1)
    for simulated in (load.exporters_spread, load.exporters_in_step):
        made = simulated(clients, chance)
        assert len(made.calls) == 3600
        assert sum(made.calls) == clients * (60 * 3 + 66)
        assert sum(made.begun) == clients * (60 + 1)
    for spread in (1.0, 600.0, 3600.0):
        made = load.hourly(spread)(clients, chance)
        assert (sum(made.calls), sum(made.begun), len(made.calls)) == (clients * 66, clients, 3600)


@pytest.mark.parametrize(("clients", "forks"), [(1, 5), (7, 5), (40, 3)])
def test_a_play_checks_every_host_on_so_many_at_a_time(clients: int, forks: int) -> None:
    made = load.ansible(forks)(clients, random.Random(1))
    assert (sum(made.calls), sum(made.begun)) == (clients * 66, clients)
    assert max(made.open) <= min(clients, forks)
    in_turn = -(-clients // forks)
    assert 0.8 < len(made.calls) / (in_turn * (load.ANSIBLE_SECONDS + load.START_SECONDS + 66 * 0.12)) < 1.3


def test_a_fleet_in_one_second_is_as_many_times_one_client() -> None:
    """All begin in the same second: until the first is done, each makes 1/(gap + call) calls a second."""
    made = load.hourly(1)(2000, random.Random(1))
    assert mean(made.calls[3:6]) == pytest.approx(2000 / 0.12, rel=0.05)
    assert max(made.begun) == 2000
    assert sum(made.open) == pytest.approx(2000 * (load.START_SECONDS + 66 * 0.12), rel=0.05)


def test_a_session_calls_at_exponential_distances_after_the_last_call_came_back() -> None:
    chance = random.Random(1)
    drawn = [load.session(chance, 59, 0.1) for _ in range(200)]
    gaps = [after - before - load.CALL_SECONDS for each in drawn for before, after in pairwise(each.calls)]
    assert min(gaps) >= -1e-9
    assert mean(gaps) == pytest.approx(0.1, rel=0.05)
    assert mean(gap * gap for gap in gaps) == pytest.approx(2 * 0.1**2, rel=0.1)  # of an exponential distribution
    assert all(each.calls[0] >= load.START_SECONDS for each in drawn)
    assert all(each.seconds == each.calls[-1] + load.CALL_SECONDS for each in drawn)


times = st.floats(0, 25, allow_nan=False)
some_sessions = st.builds(
    lambda calls: Session(tuple(sorted(calls)), max(calls) + load.CALL_SECONDS),
    st.lists(st.floats(0, 15, allow_nan=False), min_size=1, max_size=4),
)


@given(st.lists(st.tuples(times, some_sessions), max_size=6), st.integers(1, 12))
def test_adding_up_is_counting_by_hand(begun: list[tuple[float, Session]], seconds: int) -> None:
    made = load.total(seconds, begun)
    for second in range(seconds):
        turns = [second + turn * seconds for turn in range(60)]
        assert made.calls[second] == sum(
            at <= start + offset < at + 1 for at in turns for start, each in begun for offset in each.calls
        )
        assert made.begun[second] == sum(at <= start < at + 1 for at in turns for start, _ in begun)
        assert made.open[second] == sum(start <= at < start + each.seconds for at in turns for start, each in begun)


def busiest_second_by_hand(clients: int, chance: random.Random) -> int:
    """Let the clock run second by second past every client, and draw each gap when it is needed."""
    seconds = [0] * 3700
    for _ in range(clients):
        place, check = chance.uniform(0, 60), chance.uniform(0, 3600)
        plans = [(place + 60 * minute, 3) for minute in range(60)] + [(check, 66)]
        for start, calls in plans:
            now = start + load.START_SECONDS
            for _ in range(calls):
                now += chance.expovariate(10)
                seconds[int(now)] += 1
                now += load.CALL_SECONDS
    folded = [count + (seconds[3600 + at] if at < 100 else 0) for at, count in enumerate(seconds[:3600])]
    return max(folded)


def test_the_busiest_second_is_that_of_a_fleet_simulated_by_hand() -> None:
    by_hand = [busiest_second_by_hand(50, random.Random(seed)) for seed in range(12)]
    simulated = [max(load.exporters_spread(50, random.Random(seed)).calls) for seed in range(12)]
    assert mean(simulated) == pytest.approx(mean(by_hand), rel=0.15)


def test_a_silent_member_keeps_every_exporter_at_its_check() -> None:
    """All begin within a minute, so all are in their checks together for the time by which these exceed a minute."""
    ours = load.shipped()
    made = load.exporters_with_a_silent_member(30, random.Random(1))
    # the round and the first run of the check at T, then one call at 60 s; gaps and starts make it longer
    shortest = (ours.round_calls + FAILURES) * timeout.DEFAULT_SECONDS + timeout.MAXIMUM_SECONDS
    together = sum(count == 30 for count in made.open)
    assert shortest - ours.interval <= together <= shortest - ours.interval + 15
    assert max(made.open) == 30


@pytest.mark.parametrize(
    ("delay", "seconds"), [("", 0), ("RandomizedDelaySec=30s", 30), ("RandomizedDelaySec=5min", 300)]
)
def test_the_spread_of_a_timer_is_read_from_its_unit(delay: str, seconds: int) -> None:
    assert load.timer_spread(f"[Timer]\nOnCalendar=hourly\n{delay}\n") == seconds


@pytest.mark.parametrize("unit", ["OnCalendar=daily", "OnCalendar=hourly\nRandomizedDelaySec=1 fortnight"])
def test_a_timer_that_is_not_understood_is_an_error(unit: str) -> None:
    with pytest.raises(ValueError, match="no hourly timer"):
        load.timer_spread(f"[Timer]\n{unit}\n")


@pytest.mark.parametrize(
    ("figure", "written"), [(0.354, "0.35"), (6.63, "6.6"), (12345, "12,000"), (99.6, "100"), (5, "5")]
)
def test_figures_have_two_digits(figure: float, written: str) -> None:
    assert load.rounded(figure) == written
