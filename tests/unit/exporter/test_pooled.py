"""Evidence from the rounds: what counts, what waits, and what starts again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confkit.exporter.pooled import MAX_CALLS, Pooled, PooledQuestion, after_check, after_round, outcome_of, verdict_of
from confkit.live.calls import Call, MemberStatus, ProbeFailure
from testing.exporter_states import B_FAILS, CLEAN
from testing.runs import B

QUESTION = PooledQuestion("host", "digest", "/lib.so", "signing", 3, 0.05, 0.95)


def call(*statuses: int, rv: int | None = 0, seconds: float = 0.1, censored: bool = False) -> Call:
    members = tuple(MemberStatus(str(number), status) for number, status in enumerate(statuses))
    return Call(0.0, 0.0, None if rv is None else seconds, rv, members, censored)


@pytest.mark.parametrize(
    ("made", "judged", "outcome"),
    [
        (call(0, 0), {}, "good"),
        (call(0, 0, seconds=3.5), {}, "exceeded"),
        (call(0, 0, rv=5), {}, "exceeded"),
        (call(rv=5), {}, "exceeded"),
        (call(0, 5), {}, "unexplained"),
        (call(0, 5), {"1": "slow"}, "exceeded"),
        (call(0, 5), {"1": "unknown"}, "exceeded"),
        (call(0, 5), {"1": "down"}, "good"),
        (call(0, 5, seconds=3.5), {"1": "down"}, "good"),  # the library waits for the one that is down
        (call(0, 5, 5), {"1": "down"}, "unexplained"),
        (call(5, 5), {}, "not counted"),
        (call(5, 5), {"0": "slow", "1": "slow"}, "not counted"),
        (call(rv=None), {}, "unexplained"),
        (call(rv=None, censored=True), {}, "not counted"),
    ],
)
def test_what_a_call_says(made: Call, judged: dict[str, str], outcome: str) -> None:
    assert outcome_of(made, 3, judged) == outcome


def test_one_call_of_each_round_counts() -> None:
    pooled = Pooled()
    for minute in range(5):
        pooled = after_round(pooled, QUESTION, CLEAN, {}, 60.0 * minute)
    assert (pooled.flags, pooled.began, pooled.ended) == ((0,) * 5, 0.0, 240.0)


@pytest.mark.parametrize(
    ("judged", "flags"), [({B: "down"}, (0,)), ({B: "slow"}, (0, 1)), ({B: "unknown"}, (0, 1)), ({}, (0, 1))]
)
def test_what_no_check_has_explained_waits_for_one(judged: dict[str, str], flags: tuple[int, ...]) -> None:
    pooled = after_round(after_round(Pooled(), QUESTION, CLEAN, {}, 0.0), QUESTION, B_FAILS, {}, 60.0)
    assert (pooled.flags, pooled.unexplained) == ((0,), 1)
    pooled = after_check(pooled, judged)
    assert (pooled.flags, pooled.unexplained) == (flags, 0)


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, host="x"),
        replace(QUESTION, content="x"),
        replace(QUESTION, library="x"),
        replace(QUESTION, group="x"),
        replace(QUESTION, seconds=4),
        replace(QUESTION, tolerated=0.5),
        replace(QUESTION, confidence=0.5),
    ],
)
def test_another_question_starts_again(other: PooledQuestion) -> None:
    pooled = after_round(Pooled(), QUESTION, CLEAN, {}, 0.0)
    assert after_round(pooled, other, CLEAN, {}, 60.0).flags == (0,)
    assert after_round(pooled, QUESTION, CLEAN, {}, 60.0).flags == (0, 0)


def test_a_round_that_failed_changes_nothing() -> None:
    pooled = after_round(Pooled(), QUESTION, CLEAN, {}, 0.0)
    failed = replace(CLEAN, failure=ProbeFailure("loading", "no library"), content="other")
    assert after_round(pooled, replace(QUESTION, content="other"), failed, {}, 60.0) == pooled


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ((), "open"),
        ((False,) * 65, "open"),
        ((False,) * 66, "sufficient"),
        ((True,), "open"),
        ((True,) * 3, "insufficient"),
        ((True,) * 3 + (False,) * 1000, "insufficient"),
        ((False,) * 66 + (True,) * 50, "sufficient"),
    ],
)
def test_what_the_calls_prove(flags: tuple[bool, ...], verdict: str) -> None:
    assert verdict_of(Pooled(QUESTION, flags)) == verdict
    assert verdict_of(Pooled()) is None


def test_evidence_does_not_grow_without_end() -> None:
    full = Pooled(QUESTION, (False,) * MAX_CALLS, 0, 0.0, 1.0)
    assert after_round(full, QUESTION, CLEAN, {}, 2.0).flags == (0,)
