"""The end of a check: the verdict on its calls, and in words what stood against more of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.verdict import judge
from confkit.check.wording import counted, return_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.request import CheckRequest, CheckResult
    from confkit.check.results import VerdictResult
    from confkit.live.calls import Call, ProbeFailure, Run


class Ending(NamedTuple):
    """How the runs of a check ended.

    `telling` are the runs that count, `expected` the members that the file names. `is_silent`: no call said anything of
    members. `failure` ended the last run, `obstacle` says why there could be no further one; None and empty where
    nothing did. `needed_session`: every member failed until a session was open.
    """

    telling: Sequence[Run]
    expected: Sequence[str]
    is_silent: bool
    failure: ProbeFailure | None
    obstacle: str
    needed_session: bool


def conclude(request: CheckRequest, result: CheckResult, ending: Ending) -> CheckResult:
    """Return the result with its verdict; without one where the library could not be used at all."""
    calls = [call for run in result.runs for call in run.calls]
    if not calls:
        reason = "the budget was spent before the first call came back: raise --budget"
        return replace(result, reason=ending.obstacle or (ending.failure.message if ending.failure else reason))
    spent = ""
    if result.needed_budget is not None:
        spent = f"The budget of {request.budget_seconds:g} s was too small: {result.needed_budget} s are enough."
    verdict = judge(request.plan, ending.telling, ending.expected, spent=spent)
    verdict = _with_failure(_with_change(verdict, result), result, ending, calls)
    reasons = [verdict.reason, *verdict.notes]
    if ending.obstacle:
        reasons.append(f"No run under another timeout could be made: {ending.obstacle}")
    if ending.needed_session:
        reasons.append("A public session was opened on the slot, because without one every member failed at once.")
    if result.interrupted:
        reasons.append("Interrupted: this is what was known until then.")
    return replace(result, verdict=verdict, reason=" ".join(reasons))


def _with_change(verdict: VerdictResult, result: CheckResult) -> VerdictResult:
    """Return the verdict, which is none where the file was modified meanwhile."""
    if not result.modified:
        return verdict
    reason = (
        f"{result.config_path} was modified during the check, so the calls are not about one timeout. Run it again."
    )
    return replace(verdict, verdict="inconclusive", reason=reason, recommended_seconds=None)


def _with_failure(verdict: VerdictResult, result: CheckResult, ending: Ending, calls: Sequence[Call]) -> VerdictResult:
    """Return the verdict after a failure of the library, which leaves it open or takes it away."""
    failure = ending.failure
    if result.modified:
        return verdict
    unusable = failure is not None and not failure.stage.startswith("call")
    has_list = any(call.members for call in calls)
    if ending.is_silent or not any(call.rv is not None for call in calls) or (unusable and not has_list):
        return replace(verdict, verdict="unavailable", reason=_unavailable(calls, failure))
    if failure is None or verdict.verdict != "inconclusive":
        return verdict
    if unusable:
        return replace(verdict, verdict="unavailable", reason=f"{failure.message} {len(calls)} calls were made.")
    return replace(verdict, reason=f"{verdict.reason} At {failure.stage}: {failure.message}")


def _unavailable(calls: Sequence[Call], failure: ProbeFailure | None) -> str:
    problem = next((call.problem for call in reversed(calls) if call.problem), "")
    if failure is not None:
        problem = failure.message
    codes = counted(return_codes(calls))
    return f"None of {len(calls)} calls gave a list of members (return codes: {codes}). {problem}".strip()
