"""Finished checks, from calls that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.checker import CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from confkit.live.calls import FoundGroup
from confkit.reports.check import models as check_models
from testing.runs import A, B, clean, failing, run, spread

if TYPE_CHECKING:
    from confkit.live.calls import Run
    from confkit.reports.check.models import CheckView

REQUEST = CheckRequest("/etc/Chrystoki.conf", plan_for())


FINISHED = 1_700_000_000.5


def checked(main: Run, ceiling: Run | None = None, label: str = "signing") -> tuple[CheckView, CheckResult]:
    verdict = judge(REQUEST.plan, main, ceiling)
    runs = (main,) if ceiling is None else (main, ceiling)
    group = FoundGroup(label, "1154438865287", 0)
    result = CheckResult(main.limit_seconds, 3, "/lib/x.so", "serial20", group, verdict, verdict.reason, runs)
    return check_models.view(REQUEST, result), result


def unavailable() -> tuple[CheckView, CheckResult]:
    result = CheckResult(None, 3, None, None, None, None, "statusTimeout on line 3 is no whole number", ())
    return check_models.view(REQUEST, result), result


SUFFICIENT = checked(run(10, spread(59)))


SLOW = checked(run(3, [failing(B)] * 59), run(60, [clean(3.5)] * 59))


DOWN = checked(run(3, [failing(A, B)] * 20), run(60, [failing(A, B)] * 3))
