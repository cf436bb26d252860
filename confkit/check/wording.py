"""The sentences of a verdict: what was found, in numbers, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.bounds import clean_calls_needed
from confkit.check.evidence import head_room_limit
from confkit.check.outcomes import CKR_DEVICE_ERROR
from confkit.check.recommendation import CEILING_SECONDS, MINIMUM_SECONDS
from confkit.live.returncodes import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.evidence import Evidence
    from confkit.check.results import MemberVerdict, Verdict

NAMED = 3
"""So many members are named in a sentence; the table of members has them all."""


def reason(verdict: Verdict, evidence: Evidence) -> str:
    """Say why the verdict is `verdict`, and, where calls depend on each other, that this weakens it."""
    words = {
        "sufficient": _sufficient,
        "tight": _tight,
        "insufficient": _insufficient,
        "member_down": _member_down,
        "inconclusive": _inconclusive,
    }
    return words[verdict](evidence) + _weakness(evidence)


def percent(share: float) -> str:
    """Give a share in percent, with three digits that count: 0.0494 is "4.94 %"."""
    return f"{100 * share:.3g} %"


def _weakness(evidence: Evidence) -> str:
    rho, step = evidence.dependence
    if rho is None or step == 1:
        return ""
    return (
        f" This is weaker than it looks: the calls depend on each other (lag-1 autocorrelation {rho:.2f}), so only one "
        f"in {step} counts, which leaves {evidence.counted} of {len(evidence.main)}."
    )


def _counted(evidence: Evidence) -> str:
    censored = sum(outcome.censored for outcome in evidence.main)
    cut = f" (cut off before that and counted as if they had: {censored})" if censored else ""
    return f"{sum(evidence.possible)} of {len(evidence.main)} calls exceeded {evidence.limit} s{cut}"


def _confidence(evidence: Evidence) -> str:
    return f"with {100 * evidence.plan.confidence:.6g} % confidence"


def _tolerated(evidence: Evidence) -> str:
    return f"({percent(evidence.plan.tolerated)} tolerated)"


def _passed(evidence: Evidence) -> str:
    bound = f"at most {percent(evidence.upper)} do {_tolerated(evidence)}"
    return f"{_counted(evidence)}; {_confidence(evidence)} {bound}"


def _sufficient(evidence: Evidence) -> str:
    return f"{_passed(evidence)}, and the group passes with 20 % head-room as well."


def _tight(evidence: Evidence) -> str:
    for question, flags in evidence.head_room:
        if not evidence.passes(flags):
            missed = f"{sum(flags)} of {len(flags)} calls {question}"
            return f"{_passed(evidence)}, but the head-room of 20 % is not shown: {missed}."
    shorter = head_room_limit(evidence.limit)
    why = f"no run at {shorter} s was made"
    if shorter is None:
        why = f"no shorter limit can be tried, {MINIMUM_SECONDS} s being the least"
    return (
        f"{_passed(evidence)}, but the head-room is unknown: calls take about as long as their limit allows, so their "
        f"times say nothing, and {why}."
    )


def _insufficient(evidence: Evidence) -> str:
    found = (
        f"{evidence.limit} s were too short in {sum(evidence.certain)} of {len(evidence.main)} calls; "
        f"{_confidence(evidence)} they are in at least {percent(evidence.lower)} of all {_tolerated(evidence)}."
    )
    return found + (_members(evidence, "slow") or _slow_together(evidence)) + _members(evidence, "down")


def _slow_together(evidence: Evidence) -> str:
    """Say what is too slow where no single member is."""
    unknown = _members(evidence, "unknown")
    if not unknown:
        return " Every member answered, but the calls took longer."
    return f" No member is shown to be slow by itself; together they are.{unknown}"


def _member_down(evidence: Evidence) -> str:
    if evidence.group_lost or all(finding.dead for finding in evidence.findings):
        found = f"The group is lost: every member fails at {CEILING_SECONDS} s, too."
    else:
        found = _members(evidence, "down").lstrip()
    return f"{found} No verdict about {evidence.limit} s can be given: a longer statusTimeout is not shown to help."


def _inconclusive(evidence: Evidence) -> str:
    if not evidence.main:
        needed = clean_calls_needed(evidence.plan.tolerated, evidence.plan.confidence)
        return f"No call was made: {needed} clean calls are needed."
    if not evidence.findings:
        return f"None of {len(evidence.main)} calls gave a list of members: nothing is known about any of them."
    if evidence.too_many:
        return f"{_counted(evidence)}, more than tolerated, but the cause is open. {_open_cause(evidence)}"
    further = evidence.further_calls
    plan = f"{further} further clean calls are needed: plan a new run of {len(evidence.main) + further}."
    bound = f"up to {percent(evidence.upper)} may {_tolerated(evidence)}"
    return f"{_counted(evidence)}; {_confidence(evidence)} {bound}. {plan}"


def _open_cause(evidence: Evidence) -> str:
    """Say why failures at T, too many to be tolerated, are not blamed on T."""
    if all(outcome.silent for outcome in evidence.ceiling):
        return f"Only a run at {CEILING_SECONDS} s tells slow members from members that are down, and there is none."
    changed = [finding.serial for finding in evidence.findings if finding.changed]
    if changed:
        return (
            f"What failed at {evidence.limit} s is not the same before and after the run at {CEILING_SECONDS} s "
            f"({_named(changed)}): members went down or came back meanwhile, which no limit causes. Check again."
        )
    if any(outcome.early and not outcome.clean for outcome in evidence.main):
        return (
            f"Calls failed before {evidence.limit} s were over, which no limit causes; the run at {CEILING_SECONDS} s "
            f"may have cured them by initialising the library anew (a lost group, {name_of(CKR_DEVICE_ERROR)} for all "
            "members, needs that)."
        )
    return (
        f"The failures are too few or too clustered, or the calls at {CEILING_SECONDS} s ({len(evidence.ceiling)}) too "
        "few, to tell whether a longer limit cures them."
    )


def _members(evidence: Evidence, verdict: MemberVerdict) -> str:
    """Give a sentence about the members with this verdict, with a blank in front; nothing when there are none."""
    chosen = [
        f"{finding.serial} (failed in {finding.failed} of {finding.calls} calls at {evidence.limit} s, "
        f"{finding.failed_at_ceiling} of {finding.calls_at_ceiling} at {CEILING_SECONDS} s)"
        for finding in evidence.findings
        if finding.verdict == verdict
    ]
    return f" {verdict.capitalize()}: {_named(chosen)}." if chosen else ""


def _named(members: Sequence[str]) -> str:
    """Give the first members by their words, and how many more there are."""
    more = f"; and {len(members) - NAMED} more" if len(members) > NAMED else ""
    return "; ".join(members[:NAMED]) + more
