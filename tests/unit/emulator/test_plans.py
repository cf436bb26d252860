from __future__ import annotations

import itertools
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confkit.emulator.appliance import FAULTS, delays
from confkit.emulator.plans import Fault, Law, MemberPlan, fault_from_text, parse_fault
from confkit.live.returncodes import value_of


@pytest.mark.parametrize(
    ("text", "index", "fault"),
    [
        ("0=hang", 0, Fault("hang")),
        ("1=slow:800", 1, Fault("slow", 800)),
        ("31=half-open", 31, Fault("half-open")),
        ("2=status:CKR_TOKEN_NOT_PRESENT", 2, Fault("status", 0xE0)),
        ("2=status:CKR_TIMEOUT", 2, Fault("status", value_of("CKR_TIMEOUT"))),
        ("0=flap:0.25", 0, Fault("flap", 0.25)),
        ("0=removed", 0, Fault("removed")),
    ],
)
def test_faults_as_they_are_written(text: str, index: int, fault: Fault) -> None:
    assert parse_fault(text) == (index, fault)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hang", "MEMBER=FAULT"),
        ("=hang", "MEMBER=FAULT"),
        ("-1=hang", "MEMBER=FAULT"),
        ("one=hang", "MEMBER=FAULT"),
        ("²=hang", "MEMBER=FAULT"),
        ("1=sleepy", "Known are hang, refuse, reset, half-open, removed, slow:MS, status:CKR_NAME, flap:P"),
        ("1=", "unknown fault"),
        ("1=slow", "unknown fault"),
        ("1=slow:", "unknown fault"),
        ("1=hang:5", "unknown fault"),
        ("1=slow:much", "unknown fault"),
        ("1=slow:-5", "out of range"),
        ("1=slow:nan", "out of range"),
        ("1=slow:1e99", "out of range"),
        ("1=flap:1.5", "out of range"),
        ("1=status:0x30", "0x30"),
        ("1=status:CKR_NONSENSE", "CKR_NONSENSE"),
    ],
)
def test_what_is_no_fault_is_told_what_is(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_fault(text)


@given(st.text(max_size=30))
def test_any_text_is_a_fault_or_a_value_error(text: str) -> None:
    try:
        fault = fault_from_text(text)
    except ValueError:
        return
    assert fault.kind in FAULTS


@pytest.mark.parametrize(
    ("latency", "law", "message"),
    [
        ((), "list", "takes 1 values, not 0"),
        ((1,), "normal", "takes 2 values, not 1"),
        ((1, 2), "bimodal", "takes 3"),
        ((1,), "gamma", "unknown law"),
        ((-1,), "list", "from 0 up"),
        ((math.inf,), "list", "from 0 up"),
        ((math.nan,), "list", "from 0 up"),
        ((0, 1), "lognormal", "greater than 0"),
        ((5, 0), "pareto", "greater than 0"),
    ],
)
def test_latencies_that_cannot_be(latency: tuple[float, ...], law: Law, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MemberPlan(latency_ms=latency, law=law)


def test_a_list_goes_round() -> None:
    assert list(itertools.islice(delays("list", [1, 2, 3], 0), 7)) == [1, 2, 3, 1, 2, 3, 1]


LAWS = st.sampled_from(["normal", "lognormal", "pareto", "bimodal"])


@given(LAWS, st.floats(0.1, 1e4), st.floats(0.1, 3), st.integers(0, 2**32))
def test_delays_are_repeatable_and_never_negative(law: str, first: float, second: float, seed: int) -> None:
    values = [first, second, 0.5] if law == "bimodal" else [first, second]
    drawn = list(itertools.islice(delays(law, values, seed), 50))
    assert drawn == list(itertools.islice(delays(law, values, seed), 50))
    assert all(delay >= 0 and math.isfinite(delay) for delay in drawn)


@pytest.mark.parametrize(
    ("law", "values", "median", "ninetieth"),
    [
        ("normal", [100, 10], 100, 112.8),
        ("lognormal", [100, 0.5], 100, 100 * math.exp(0.5 * 1.2816)),
        ("pareto", [100, 2], 100 * math.sqrt(2), 100 * math.sqrt(10)),
        ("bimodal", [100, 900, 0.3], 100, 900),
    ],
)
def test_delays_follow_their_law(law: str, values: list[float], median: float, ninetieth: float) -> None:
    drawn = list(itertools.islice(delays(law, values, 1), 20_000))
    assert statistics.median(drawn) == pytest.approx(median, rel=0.03)
    assert statistics.quantiles(drawn, n=10)[8] == pytest.approx(ninetieth, rel=0.03)


def test_other_seeds_give_other_delays() -> None:
    drawn = {
        tuple(itertools.islice(delays("normal", [100, 10], seed), 5)) for seed in random.Random(0).sample(range(99), 20)
    }
    assert len(drawn) == 20


def test_an_unknown_law_is_refused() -> None:
    with pytest.raises(ValueError, match="gamma"):
        next(delays("gamma", [1, 2], 0))
