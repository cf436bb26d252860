"""The recommended statusTimeout."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from confkit.check.evidence import gather
from confkit.check.recommendation import recommend
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from testing.runs import A, Made, clean, cut_off, failing, run, runs, spread, without_list

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
    Advice("quick", [clean()] * 66, 3, "at least 3 s"),
    Advice("quick at 20 s", [clean()] * 66, 3, "at least 3 s", 20),
    Advice("2.5 s fits 3 s exactly", [clean(2.5)] * 66, 3, "2.50 s"),
    Advice("above", [clean(2.515625)] * 66, 4, "2.52 s"),
    Advice("5 s fits 6 s exactly", [clean(5.0)] * 66, 6, "5.00 s", 20),
    Advice("50 s fits 60 s exactly", [clean(50.0)] * 66, 60, "50.00 s", 60),
    Advice("beyond the maximum", [clean(50.25)] * 66, None, "beyond 60 s", 60),
    Advice("one slow of 66 is the largest", spread(66, clean(2.75)), 4, "2.75 s"),
    Advice("one slow of 117 is tolerated", spread(117, clean(2.75)), 3, "0.02 s"),
    Advice("too few", [clean()] * 65, None, "66 are needed"),
    Advice("no calls", [], None, "0 calls at 3 s are too few"),
    Advice("slow, by the ceiling run", [A_FAILS] * 66, 5, "4.00 s", ceiling=[LATE] * 66),
    Advice("slow, ceiling run too short", [A_FAILS] * 66, None, "65 calls at 60 s are too few", ceiling=[LATE] * 65),
    Advice("slow, no ceiling run", spread(66, A_FAILS), None, "only a run at 60 s can tell"),
    Advice("all cut, no ceiling run", [A_FAILS] * 66, None, "too many calls failed at 3 s"),
    Advice("one cut of 117 needs no ceiling run", spread(117, A_FAILS), 3, "0.02 s"),
    Advice("cut off by the probe ranks last", spread(66, cut_off()), None, "only a run at 60 s"),
    Advice("down", [A_FAILS] * 66, None, "a member is down", ceiling=[A_FAILS_AT_60] * 66),
    Advice("lost", [without_list(0xE0)] * 66, None, "a member is down", ceiling=[without_list(0xE0)] * 66),
    Advice("fails at 60 s at times", [A_FAILS] * 66, None, "failed at 60 s", ceiling=spread(66, *[A_FAILS_AT_60] * 6)),
    Advice("times say nothing", [clean(3.0)] * 66, None, "times say nothing"),
    Advice("times say nothing at 60 s", [A_FAILS] * 66, None, "times say nothing", ceiling=[clean(60.0)] * 66),
    Advice("times say nothing at 3 s alone", [clean(3.0)] * 66, 4, "2.95 s", ceiling=[clean(2.953125)] * 66),
]


@pytest.mark.parametrize("advice", ADVICE, ids=lambda advice: advice.name)
def test_the_recommendation(advice: Advice) -> None:
    main, again = list(advice.main), None
    if advice.ceiling is not None:
        main, again = main[:-2], main[-2:]
    result = judge(PLAN, runs(advice.limit, main, advice.ceiling, again))
    assert result.recommended_seconds == advice.seconds, result.recommendation_reason
    assert advice.word in result.recommendation_reason


def test_calls_that_depend_on_each_other_recommend_the_longest_of_all_thinnings() -> None:
    alternating = run(60, [clean(2.0), clean(10.0)] * 66)
    evidence = gather(PLAN, [alternating])
    thinned = evidence._replace(dependence=evidence.dependence._replace(step=2))
    assert recommend(thinned).seconds == 12
    assert recommend(thinned._replace(main=thinned.main[1:])) == (
        None,
        "131 calls at 60 s are too few to tell: 132 are needed",
    )
