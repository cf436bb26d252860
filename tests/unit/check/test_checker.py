"""A check in simulated time: how its calls are spread over a period, and what it says of it."""

from __future__ import annotations

import itertools
import random
import statistics
from typing import TYPE_CHECKING

import pytest

from confkit.check.request import DEFAULT_BUDGET_SECONDS, CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.cli.commands.check import seconds_of
from confkit.core.errors import UsageError
from confkit.reports.check import models as check_models
from confkit.reports.check import text as check_text
from confkit.reports.colour import uncoloured
from testing.live_simulation import Library, World, check
from testing.live_truth import OK

if TYPE_CHECKING:
    from pathlib import Path

HALF_AN_HOUR = 1800.0
FILE = b"Chrystoki2 = {\n   LibUNIX64 = /lib/simulated.so;\n}\n"


def checked_over(
    seconds: float, folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> tuple[CheckRequest, CheckResult]:
    (folder / "Chrystoki.conf").write_bytes(FILE)
    budget = DEFAULT_BUDGET_SECONDS + 2 * seconds
    request = CheckRequest(str(folder), plan_for(), budget_seconds=budget, over_seconds=seconds)
    world = World([(OK, OK)], [0.0], Library(), random.Random(seed))
    return request, check(world, request, monkeypatch)


def test_calls_over_a_period_are_spread_at_random_and_the_verdict_names_the_span(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans, distances = [], []
    for seed in range(20):
        request, result = checked_over(HALF_AN_HOUR, tmp_path, monkeypatch, seed)
        assert result.verdict is not None
        assert (result.verdict.verdict, result.verdict.calls.completed) == ("sufficient", 66)
        view = check_models.view(request, result)
        spans.append(view.span_seconds)
        calls = result.runs[0].calls
        distances += [later.intended - one.intended for one, later in itertools.pairwise(calls)]
        assert f"within {view.span_seconds:.0f} s" in "\n".join(check_text.lines(view, uncoloured))
    assert statistics.fmean(spans) == pytest.approx(HALF_AN_HOUR, rel=0.1)
    assert min(spans) > HALF_AN_HOUR / 2
    # exponential: the deviation is the mean, so nothing periodic in the group is fallen into step with
    mean = statistics.fmean(distances)
    assert mean == pytest.approx(HALF_AN_HOUR / 66, rel=0.1)
    assert statistics.stdev(distances) == pytest.approx(mean, rel=0.15)


def test_without_a_period_the_calls_are_over_in_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request, result = checked_over(0.0, tmp_path, monkeypatch, 1)
    assert check_models.view(request, result).span_seconds < 20


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("2h", 7200), ("1d", 86400)])
def test_a_duration_has_a_unit_or_is_in_seconds(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5", "soon", "5 m", "5w", "1e3", "inf", "nan", "0h"])
def test_what_is_no_duration_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="Give a duration such as 90s, 30m or 2h"):
        seconds_of(text)
