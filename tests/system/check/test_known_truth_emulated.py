"""Known truth through the real emulator: a timeout that is plainly too short, and one that is plainly long enough.

What the calls near the tolerated share come to is computed and simulated in tests/unit/check, where time costs nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import NormalDist
from typing import NamedTuple

import pytest

from confkit.check.checker import check
from confkit.check.request import CheckRequest
from confkit.check.results import plan_for
from confkit.emulator.group import running_group
from confkit.emulator.plans import MemberPlan
from testing.programs import needs

_TOLERATED = 0.3  # 10 calls without an exceedance, or 4 to 9 that nearly all exceed
_SEEDS = 2
_LIMIT = 3000.0  # milliseconds: the client's default


class Truth(NamedTuple):
    """The share of answers that take longer than the limit, and how widely answers are spread.

    `usual` is the usual answer of the bimodal law and the shortest of the Pareto law, in milliseconds; `sigma` that of
    the lognormal law, and of the normal law in seconds.
    """

    share: float
    usual: float
    sigma: float


TOO_SHORT = Truth(0.9, 2950.0, 0.1)
LONG_ENOUGH = Truth(0.02, 300.0, 0.8)


def member_plans(truth: Truth) -> list[MemberPlan]:
    """Return members by four laws."""
    quantile = NormalDist().inv_cdf(1 - truth.share) * truth.sigma
    plans = [
        ((_LIMIT - quantile * 1000, truth.sigma * 1000), "normal"),
        ((_LIMIT * math.exp(-quantile), truth.sigma), "lognormal"),
        ((truth.usual, math.log(truth.share) / math.log(truth.usual / _LIMIT)), "pareto"),
        ((truth.usual, 3500.0, truth.share), "bimodal"),
    ]
    return [MemberPlan(values, law, seed) for values, law in plans for seed in range(_SEEDS)]  # type: ignore[arg-type]


def verdict(plan: MemberPlan) -> str:
    with running_group([plan], report_early=True) as group:
        result = check(CheckRequest(group.config_path, plan_for(_TOLERATED)))
    assert result.verdict is not None, result.reason
    return result.verdict.verdict


@pytest.mark.parametrize(
    ("truth", "right", "wrong"),
    [
        (TOO_SHORT, {"insufficient"}, {"sufficient", "tight"}),
        (LONG_ENOUGH, {"sufficient", "tight"}, {"insufficient", "member_down"}),
    ],
)
def test_the_verdict_is_that_of_the_true_share(
    truth: Truth, right: set[str], wrong: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    needs("gcc")
    plans = member_plans(truth)
    with ThreadPoolExecutor(len(plans)) as pool:  # each of them waits for seconds, and does next to nothing
        verdicts = Counter(pool.map(verdict, plans))
    with capsys.disabled():
        print(f"\n{len(plans)} verdicts at a true share of {truth.share}, {_TOLERATED} tolerated: {dict(verdicts)}")
    # By the binomial law each verdict is wrong, or open after all calls, with a chance of less than 1 %.
    assert sum(verdicts[word] for word in wrong) == 0
    assert sum(verdicts[word] for word in right) >= len(plans) - 1
