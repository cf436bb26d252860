"""The recommended statusTimeout."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from confkit.check.outcomes import outcomes
from confkit.check.recommendation import TimesSample, recommend
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from testing.runs import GROUP, A, Made, clean, cut_off, failing, run, spread, without_list

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = plan_for()
A_FAILS = failing(A)
A_FAILS_AT_60 = failing(A, duration=60.0)
LATE = clean(4.0)


class Advice(NamedTuple):
    """A row: runs, and the recommended seconds with a word of the reason."""

    name: str
    main: Sequence[Made]
    seconds: int | None
    word: str
    limit: int = 3
    ceiling: Sequence[Made] | None = None


ADVICE = [
    Advice("quick", [clean()] * 59, 3, "at least 3 s"),
    Advice("quick at 20 s", [clean()] * 59, 3, "at least 3 s", 20),
    Advice("2.5 s fits 3 s exactly", [clean(2.5)] * 59, 3, "2.50 s"),
    Advice("above", [clean(2.515625)] * 59, 4, "2.52 s"),
    Advice("5 s fits 6 s exactly", [clean(5.0)] * 59, 6, "5.00 s", 20),
    Advice("50 s fits 60 s exactly", [clean(50.0)] * 59, 60, "50.00 s", 60),
    Advice("beyond the maximum", [clean(50.25)] * 59, None, "beyond 60 s", 60),
    Advice("one slow of 59 is the largest", spread(59, clean(2.75)), 4, "2.75 s"),
    Advice("one slow of 93 is tolerated", spread(93, clean(2.75)), 3, "0.02 s"),
    Advice("too few", [clean()] * 58, None, "59 are needed"),
    Advice("no calls", [], None, "no call was made"),
    Advice("slow, by the ceiling run", [A_FAILS] * 59, 5, "4.00 s", ceiling=[LATE] * 59),
    Advice("slow, ceiling run too short", [A_FAILS] * 59, None, "58 calls at 60 s are too few", ceiling=[LATE] * 58),
    Advice("slow, no ceiling run", spread(59, A_FAILS), None, "only a run at 60 s can tell"),
    Advice("all cut, no ceiling run", [A_FAILS] * 59, None, "too many calls failed at 3 s"),
    Advice("one cut of 93 needs no ceiling run", spread(93, A_FAILS), 3, "0.02 s"),
    Advice("cut off by the probe ranks last", spread(59, cut_off()), None, "only a run at 60 s"),
    Advice("down", [A_FAILS] * 59, None, "a member is down", ceiling=[A_FAILS_AT_60] * 59),
    Advice("lost", [without_list(0xE0)] * 59, None, "a member is down", ceiling=[without_list(0xE0)] * 59),
    Advice("fails at 60 s at times", [A_FAILS] * 59, None, "failed at 60 s", ceiling=spread(59, *[A_FAILS_AT_60] * 6)),
    Advice("times say nothing", [clean(3.0)] * 59, None, "times say nothing"),
    Advice("times say nothing at 60 s", [A_FAILS] * 59, None, "times say nothing", ceiling=[clean(60.0)] * 59),
    Advice("times say nothing at 3 s alone", [clean(3.0)] * 59, 4, "2.95 s", ceiling=[clean(2.953125)] * 59),
]


@pytest.mark.parametrize("advice", ADVICE, ids=lambda advice: advice.name)
def test_the_recommendation(advice: Advice) -> None:
    ceiling = None if advice.ceiling is None else run(60, advice.ceiling)
    result = judge(PLAN, run(advice.limit, advice.main), ceiling)
    assert result.recommended_seconds == advice.seconds, result.recommendation_reason
    assert advice.word in result.recommendation_reason


def test_calls_that_depend_on_each_other_recommend_the_longest_of_all_thinnings() -> None:
    alternating = run(60, [clean(2.0), clean(10.0)] * 60)
    sample = TimesSample(outcomes(alternating, GROUP), 60)
    assert recommend([sample], 2, PLAN).seconds == 12
    assert recommend([TimesSample(sample.run[1:-1], 60)], 2, PLAN).seconds == 12
    assert recommend([TimesSample(sample.run[2:-1], 60)], 2, PLAN) == (
        None,
        "117 calls at 60 s are too few to tell: 118 are needed",
    )
