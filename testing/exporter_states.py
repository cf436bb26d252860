"""States of the exporter, from rounds and checks that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.request import CheckRequest, CheckResult
from confkit.check.results import plan_for
from confkit.check.verdict import judge
from confkit.exporter.rounds import Round
from confkit.exporter.state import State, after_check, after_round
from confkit.live.calls import FoundGroup, ProbeFailure
from confkit.reports.check import models as check_models
from testing.runs import B, clean, failing, run, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.reports.check.models import CheckView
    from testing.runs import Made

REQUEST = CheckRequest("/etc/Chrystoki.conf", plan_for())


def made(calls: Sequence[Made], failure: ProbeFailure | None = None, seconds: int | None = 3) -> Round:
    return Round(seconds, "signing", run(3, calls).calls, failure)


def check_of(main: Sequence[Made], ceiling: Sequence[Made], limit: int = 3) -> CheckView:
    verdict = judge(REQUEST.plan, runs(limit, main[:-2], ceiling, main[-2:]) if ceiling else [run(limit, main)])
    result = CheckResult(limit, 3, None, None, FoundGroup("signing", "1", 0), verdict, verdict.reason, ())
    return check_models.view(REQUEST, result)


CLEAN = made([clean()] * 3)


B_FAILS = made([failing(B)] * 3)


B_DOWN = check_of([failing(B)] * 20, [failing(B, duration=60.0)] * 3)


B_SLOW = check_of([failing(B)] * 59, [clean(3.5)] * 20)


ALL_CLEAN = check_of([clean()] * 66, [])


STATE = after_check(after_round(after_round(State(), CLEAN, 1.0), B_FAILS, 2.0), ALL_CLEAN, ())
