"""The sentences of a verdict: what was found, in numbers, and what follows from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confkit.check.evidence import head_room_limit
from confkit.check.readings import CKR_DEVICE_ERROR, CKR_OK, SETTLING_SECONDS, same_serial
from confkit.core.timeout import MAXIMUM_SECONDS, MINIMUM_SECONDS
from confkit.live.returncodes import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.check.evidence import Evidence
    from confkit.check.results import Bound, MemberVerdict, Verdict
    from confkit.live.calls import Call, Run

NAMED = 3
"""At most this many members are named in a sentence; the table of members has them all."""


def reason(verdict: Verdict, evidence: Evidence, bound: Bound, spent: str = "") -> str:
    """Return why the verdict is `verdict`, and, where calls depend on each other, that this weakens it.

    `spent` says, where the budget was too small, how much would do.
    """
    words = {
        "sufficient": _sufficient,
        "tight": _tight,
        "insufficient": _insufficient,
        "member_down": _member_down,
        "inconclusive": _inconclusive,
    }
    return " ".join(part for part in (words[verdict](evidence, bound), _weakness(evidence), spent) if part)


def percent(share: float) -> str:
    """Return a share in percent, with three significant digits: 0.0494 is "4.94 %"."""
    return f"{100 * share:.3g} %"


def return_codes(calls: Iterable[Call]) -> dict[str, int]:
    """Return how many calls returned which code; "none" for calls that did not come back."""
    return dict(Counter("none" if call.rv is None else name_of(call.rv) for call in calls))


def counted(counts: dict[str, int]) -> str:
    """Return counts in words: "CKR_OK 58x, CKR_DEVICE_ERROR 1x"."""
    return ", ".join(f"{name} {count}x" for name, count in counts.items())


def _weakness(evidence: Evidence) -> str:
    rho, step = evidence.dependence
    if rho is None or step == 1:
        return ""
    return (
        f"The calls depend on each other (lag-1 autocorrelation {rho:.2f}), so only one in {step} counts: "
        f"{evidence.counted} of {len(evidence.main)}."
    )


def _exceeded(evidence: Evidence) -> str:
    censored = sum(reading.censored for reading in evidence.main)
    cut = f", {censored} of them because they were cut off before that" if censored else ""
    return f"{sum(evidence.possible)} of {len(evidence.main)} calls exceeded {evidence.limit} s{cut}"


def _confidence(evidence: Evidence) -> str:
    return f"with {100 * evidence.plan.confidence:.6g} % confidence"


def _tolerated(evidence: Evidence) -> str:
    return f"({percent(evidence.plan.tolerated)} tolerated)"


def _passed(evidence: Evidence, bound: Bound) -> str:
    share = f"at most {percent(min(bound.upper, bound.tolerated))} of calls do {_tolerated(evidence)}"
    return f"{_exceeded(evidence)}; {_confidence(evidence)}, {share}"


def _sufficient(evidence: Evidence, bound: Bound) -> str:
    return f"{_passed(evidence, bound)}, and the group passes with 20 % head-room as well."


def _tight(evidence: Evidence, bound: Bound) -> str:
    for question, flags in evidence.head_room:
        if not evidence.is_proven(flags):
            missed = f"{sum(flags)} of {len(flags)} calls {question}"
            return f"{_passed(evidence, bound)}, but head-room of 20 % is not shown: {missed}."
    shorter = head_room_limit(evidence.limit)
    why = f"no run at {shorter} s was made"
    if shorter is None:
        why = f"no shorter limit can be tried, because {MINIMUM_SECONDS} s is the minimum"
    return (
        f"{_passed(evidence, bound)}, but the head-room is unknown: calls take about as long as their limit allows, so "
        f"their times say nothing, and {why}."
    )


def _insufficient(evidence: Evidence, bound: Bound) -> str:
    found = (
        f"{sum(evidence.certain)} of {len(evidence.main)} calls exceeded {evidence.limit} s. "
        f"{_confidence(evidence).capitalize()}, at least {percent(max(bound.lower, bound.tolerated))} of calls do "
        f"{_tolerated(evidence)}."
    )
    return found + (_members(evidence, "slow") or _slow_together(evidence)) + _members(evidence, "down")


def _slow_together(evidence: Evidence) -> str:
    """Return what is too slow where no single member is."""
    unknown = _members(evidence, "unknown")
    if not unknown:
        return " Every member answered, but the calls took longer."
    return f" No member is shown to be slow by itself; together they are.{unknown}"


def _member_down(evidence: Evidence, _bound: Bound) -> str:
    verdicts = {finding.verdict for finding in evidence.findings}
    limit = evidence.ceiling.limit
    parts = []
    if evidence.group_lost or verdicts == {"down"}:
        less = "" if limit >= MAXIMUM_SECONDS else f" (the budget allowed no run at {MAXIMUM_SECONDS} s)"
        parts.append(f"The group is lost: every member fails at {limit} s, too{less}.")
    elif "down" in verdicts:
        parts.append(_members(evidence, "down").lstrip())
    if evidence.not_listed:
        parts.append(
            f"Not listed: {_named(evidence.not_listed)}. The file names "
            f"{'it' if len(evidence.not_listed) == 1 else 'them'} as a member, and no call listed "
            f"{'it' if len(evidence.not_listed) == 1 else 'them'}."
        )
    if "down" in verdicts or evidence.group_lost:
        parts.append(f"No verdict about {evidence.limit} s is possible: a longer statusTimeout is not shown to help.")
    return " ".join(parts)


def _inconclusive(evidence: Evidence, bound: Bound) -> str:
    needed = evidence.plan.fewest_calls
    if not evidence.main:
        return f"No call was made: {needed} calls without a failure are needed."
    if not any(reading.answered for reading in evidence.main) and not evidence.ceiling.telling:
        return f"None of {len(evidence.main)} calls gave a list of members: nothing is known about any of them."
    unapplied = _unapplied(evidence)
    if unapplied:
        return f"{_exceeded(evidence)}, but the cause is open. {unapplied}"
    if evidence.too_many:
        return f"{_exceeded(evidence)}, more than tolerated, but the cause is open. {_open_cause(evidence)}"
    share = f"up to {percent(bound.upper)} of calls may {_tolerated(evidence)}"
    found = f"{_exceeded(evidence)}; {_confidence(evidence)}, {share}."
    further = bound.further_calls_needed
    if further is None:
        few = len(evidence.main) < needed
        why = f"At least {needed} calls are needed" if few else "The share is too close to what is tolerated"
        return f"{found} {why} to tell."
    return f"{found} {further} further calls without a failure would show that it is sufficient."


def _unapplied(evidence: Evidence) -> str:
    """Return that the ceiling was not in force, which leaves the cause of failures open; empty where it was."""
    cut = evidence.ceiling.cut_after
    if cut is None or not evidence.ceiling.telling or evidence.limit >= MAXIMUM_SECONDS:
        return ""
    return (
        f"This library did not apply the timeout it was given: calls under {evidence.ceiling.limit} s were cut after "
        f"{cut:.1f} s. Another configuration file is in force, or the library has a limit of its own. So nobody can "
        "tell slow members from those that are down."
    )


def _open_cause(evidence: Evidence) -> str:
    """Return why failures at T, too many to be tolerated, are not blamed on T."""
    if not evidence.ceiling.telling:
        return f"Only a run at {MAXIMUM_SECONDS} s tells slow members from members that are down, and there is none."
    changed = [evidence.names[finding.serial] for finding in evidence.findings if finding.changed]
    if changed:
        return (
            f"What failed at {evidence.limit} s is not the same before and after the run at {evidence.ceiling.limit} s "
            f"({_named(changed)}): members went down or came back meanwhile, which no limit causes."
        )
    if any(reading.early and not reading.clean for reading in evidence.main):
        return (
            f"Calls failed before {evidence.limit} s were over, which no limit causes; the run at "
            f"{evidence.ceiling.limit} s may have cured them by initialising the library anew (a lost group, "
            f"{name_of(CKR_DEVICE_ERROR)} for all members, needs that)."
        )
    quick = (reading.clean and (reading.duration or 0) < evidence.limit / 2 for reading in evidence.ceiling.telling)
    if all(quick):
        return (
            f"Members that failed answered at {evidence.ceiling.limit} s, and at once: they were away for a while "
            "rather than slow, or fail now and then."
        )
    return (
        f"The failures are too few or too clustered, or the calls at {evidence.ceiling.limit} s "
        f"({len(evidence.ceiling.telling)}) too few, to tell whether a longer limit cures them."
    )


def _members(evidence: Evidence, verdict: MemberVerdict) -> str:
    """Return a sentence about the members with this verdict, with a space in front; nothing when there are none."""
    chosen = [
        f"{evidence.names[finding.serial]} (failed in {finding.failed} of {finding.calls} calls at {evidence.limit} s, "
        f"{finding.failed_at_ceiling} of {finding.calls_at_ceiling} at {evidence.ceiling.limit} s)"
        for finding in evidence.findings
        if finding.verdict == verdict
    ]
    return f" {verdict.capitalize()}: {_named(chosen)}." if chosen else ""


def _named(members: Sequence[str]) -> str:
    """Return the first members by their words, and how many more there are."""
    more = f"; and {len(members) - NAMED} more" if len(members) > NAMED else ""
    return "; ".join(members[:NAMED]) + more


def notes(evidence: Evidence, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return what was noticed besides the verdict, in sentences."""
    calls = [call for run in runs for call in run.calls if call.rv == CKR_OK and call.members]
    found = []
    for serial, name in evidence.names.items():
        if serial:
            found += _listing(serial, name, calls)
    if evidence.settling:
        found.append(
            f"The first call after C_Initialize failed at once, so {evidence.settling} calls of the first "
            f"{SETTLING_SECONDS:g} s do not count: members may still have been connecting."
        )
    return tuple(found)


def _listing(serial: str, name: str, calls: Sequence[Call]) -> list[str]:
    """Return that a member joined or left the list, or stands in it twice."""
    counts = [sum(same_serial(member.serial) == serial for member in call.members) for call in calls]
    found = []
    if any(count > 1 for count in counts):
        found.append(f"Member {name} is listed more than once in the same call.")
    missing = counts.count(0)
    if 0 < missing < len(counts):
        present = [count > 0 for count in counts]
        if present == sorted(present):
            found.append(f"Member {name} joined: it is missing from the list of the first {missing} calls.")
        elif present == sorted(present, reverse=True):
            found.append(f"Member {name} left: it is missing from the list of the last {missing} calls.")
        else:
            found.append(f"Member {name} is missing from the list of {missing} of {len(counts)} calls.")
    return found
