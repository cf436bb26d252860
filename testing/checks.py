"""Finished checks, from calls that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.request import CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from confkit.live.calls import FoundGroup
from confkit.reports.check import models as check_models
from testing.runs import A, B, clean, failing, runs, spread

if TYPE_CHECKING:
    from confkit.live.calls import Run
    from confkit.reports.check.models import CheckView

CONFIG = "/etc/Chrystoki.conf"
REQUEST = CheckRequest(CONFIG, plan_for())


FINISHED = 1_700_000_000.5


def checked(made: list[Run], label: str = "signing") -> tuple[CheckView, CheckResult]:
    verdict = judge(REQUEST.plan, made)
    group = FoundGroup(label, "1154438865287", 0)
    result = CheckResult(
        made[0].limit_seconds, 3, "/lib/x.so", "serial20", group, verdict, verdict.reason, tuple(made), CONFIG, "hsm1"
    )
    return check_models.view(REQUEST, result), result


def unavailable() -> tuple[CheckView, CheckResult]:
    result = CheckResult(None, 3, None, None, None, None, "statusTimeout on line 3 is no whole number", ())
    return check_models.view(REQUEST, result), result


SUFFICIENT = checked(runs(10, spread(66)))


SLOW = checked(runs(3, [failing(B)] * 2, [clean(3.5)] * 5, [failing(B)] * 2))


DOWN = checked(runs(3, [failing(A, B)] * 3, [failing(A, B, duration=60.0)], [failing(A, B)]))
