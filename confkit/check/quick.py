"""Who is down now: one call, no statistics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confkit.check.checker import Clock, check
from confkit.check.earlier import NOTHING
from confkit.check.results import CheckPlan

if TYPE_CHECKING:
    from confkit.check.request import CheckRequest, CheckResult

QUICK_SECONDS = 2.0
"""Beyond statusTimeout: a process has to start, and a second look at members that may still be connecting."""


def quick_check(request: CheckRequest, seconds: int, clock: Clock = Clock()) -> CheckResult:  # noqa: B008 - frozen
    """Return who answers now, after at most statusTimeout (`seconds`) and QUICK_SECONDS, and the kill of a library.

    The verdict is `sufficient` where every member answered, else `member_down`, or `unavailable` without a list.
    """
    plan = CheckPlan(request.plan.tolerated, request.plan.confidence, 1, is_last=True)
    asked = replace(request, plan=plan, budget_seconds=seconds + QUICK_SECONDS, session="never", earlier=NOTHING)
    result = check(asked, clock=clock)
    found = result.verdict
    if found is None or found.verdict == "unavailable":
        return replace(result, needed_budget=None)
    call = next(call for run in result.runs for call in run.calls)
    failing = {member.serial for member in call.members if member.status}
    members = tuple(
        replace(member, verdict="ok" if member.verdict != "not_listed" and member.serial not in failing else "down")
        for member in found.members
    )
    down = [member.serial for member in members if member.verdict == "down"]
    if call.members and not down:
        reason = f"Every member answered within {seconds} s, in one call. That says nothing about other calls."
        return replace(
            result, verdict=replace(found, verdict="sufficient", members=members, reason=reason), reason=reason
        )
    who = ", ".join(down) or "the whole group"
    reason = f"No answer within {seconds} s, in one call: {who}. Whether slow or down takes a full check to tell."
    verdict = replace(found, verdict="member_down", members=members, reason=reason)
    return replace(result, verdict=verdict, reason=reason, needed_budget=None)
