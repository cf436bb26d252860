"""Each member: ok, slow, down or unknown. A ceiling run (statusTimeout 60 s) tells slow from down.

What a longer limit would cure is told by Fisher's exact test between the run at T and the ceiling run, at the plan's
confidence: one failure at T that is not seen again at 60 s proves nothing, a member that always fails at T and answers
three times at 60 s is slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.check.bounds import lower_bound, upper_bound
from confkit.check.dependence import fell, upper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.outcomes import Outcome
    from confkit.check.results import MemberVerdict, Plan


class Finding(NamedTuple):
    """One member: its verdict, its failures among the completed calls at T, and among the telling ones at 60 s."""

    serial: str
    verdict: MemberVerdict
    failed: int
    calls: int
    failed_at_ceiling: int
    calls_at_ceiling: int

    @property
    def dead(self) -> bool:
        """It failed in every telling call of the ceiling run."""
        return 0 < self.calls_at_ceiling == self.failed_at_ceiling


class Runs(NamedTuple):
    """The run at T with its possible exceedances, the ceiling run (empty when there was none), the step of thinning."""

    main: Sequence[Outcome]
    possible: Sequence[bool]
    ceiling: Sequence[Outcome]
    step: int


def dead_members(serials: Sequence[str], ceiling: Sequence[Outcome]) -> frozenset[str]:
    """Give the members that failed in every call of the ceiling run that tells something about members."""
    telling = [outcome.failed for outcome in ceiling if not outcome.silent]
    return frozenset(serials) & frozenset.intersection(*telling) if telling else frozenset()


def judge_members(serials: Sequence[str], runs: Runs, plan: Plan) -> tuple[tuple[Finding, ...], frozenset[str]]:
    """Give the finding for every member, and the members whose failures at T a longer limit is shown to cure.

    The cure is judged over all members that are not down, together: 32 members that fail now and then are a group that
    fails often, while no single one of them would prove a thing. Which of them are slow is another question.
    """
    first = [_tally(serial, runs) for serial in serials]
    down = {finding.serial for finding in first if finding.dead or _comes_and_goes(finding, runs, plan)}
    cut = frozenset(serial for serial in serials if serial not in down and _was_cut(serial, runs))
    curable = cut if _cured(cut, runs, plan) else frozenset()
    slow = _slow(curable, runs, plan)
    is_proven = upper(runs.possible, runs.step, plan.confidence) <= plan.tolerated
    unharmed = {finding.serial for finding in first if is_proven or not finding.failed}
    findings = (finding._replace(verdict=_verdict(finding.serial, down, unharmed, slow)) for finding in first)
    return tuple(findings), curable


def _was_cut(serial: str, runs: Runs) -> bool:
    """Tell whether the member failed in a call that lasted as long as its limit: without one no limit has cut it.

    One is enough: once a member is known to be unreachable the library need not wait for it again.
    """
    return any(serial in outcome.failed and not outcome.early and not outcome.censored for outcome in runs.main)


def _tally(serial: str, runs: Runs) -> Finding:
    main = [serial in outcome.failed for outcome in runs.main if not outcome.censored]
    ceiling = [serial in outcome.failed for outcome in runs.ceiling if not outcome.silent]
    return Finding(serial, "unknown", sum(main), len(main), sum(ceiling), len(ceiling))


def _comes_and_goes(finding: Finding, runs: Runs, plan: Plan) -> bool:
    """Tell whether the member fails at the ceiling, too, and a longer limit is not shown to help it."""
    if not finding.failed_at_ceiling:
        return False
    least = lower_bound(finding.failed_at_ceiling, finding.calls_at_ceiling, plan.confidence)
    if _tolerable(finding, plan) and least <= plan.tolerated:
        return False
    return not _cured(frozenset({finding.serial}), runs, plan)


def _cured(serials: frozenset[str], runs: Runs, plan: Plan) -> bool:
    """Tell whether some of `serials` fail less often at the ceiling; whatever is open counts against it."""
    before = [not (outcome.lost or outcome.censored or serials.isdisjoint(outcome.failed)) for outcome in runs.main]
    after = [not serials.isdisjoint(outcome.failed) for outcome in runs.ceiling]  # all fail where there is no list
    return fell(before, after, runs.step, plan.confidence)


def _slow(curable: frozenset[str], runs: Runs, plan: Plan) -> frozenset[str]:
    """Give those who are shown to be slow by themselves, or by what the others leave unexplained, and no others.

    A member that was down for one call, while two slow ones failed in all of them, is not slow on their account.
    """
    alone = frozenset(serial for serial in curable if _cured(frozenset({serial}), runs, plan))
    rest = curable - alone
    return curable if _cured(rest, runs, plan) else alone


def _tolerable(finding: Finding, plan: Plan) -> bool:
    """Tell whether the member never failed at T, or in a share that is tolerated."""
    bound = upper_bound(finding.failed, finding.calls, plan.confidence) if finding.failed else 0.0
    return bound <= plan.tolerated


def _verdict(serial: str, down: set[str], unharmed: set[str], slow: frozenset[str]) -> MemberVerdict:
    if serial in down:
        return "down"
    if serial in unharmed:
        return "ok"
    return "slow" if serial in slow else "unknown"
