"""The verdict on statusTimeout: from timed status calls to one of five words. Pure: no clock, no file, no library.

The question is fixed before the first call (`CheckPlan`): statusTimeout T, tolerated share p0 of calls that falsely
report a failure, confidence c. Runs of three purposes may answer it, each of calls made one at a time:

  main       at T; begun before, continued after the ceiling run
  ceiling    at 60 s; needed when calls failed: it tells slow from down
  head_room  at T/1.2 rounded down; needed when call times say nothing

Words
  clean       the call returned CKR_OK and a list in which every member is CKR_OK
  failed      of a member in a call: another status, or missing from the list, or the call gave no list (it returned
              something else than CKR_OK, an empty list, an answer that cannot be read, or never returned)
  down        of a member: failed in the calls before the ceiling run, in all of it, and after it; and these calls prove
              that 60 s were in force or that the library did not wait for it at all (`confkit.check.ceiling`)
  early       of a call: came back before 0.95 T was over. The limit cut nothing in it, unless it cut a call before and
              the library remembers who is unreachable
  lost        of a call: early, and failed for the whole group. That the ceiling run does not show it may be due to its
              fresh C_Initialize, which is what cures a lost group
  proven      at most p0 of calls exceed, refuted: more than p0 do (`confkit.check.sequential`); both may be asked after
              every call

Which call at T is an exceedance

  | call                                             | for "proven"               | for "refuted"               |
  |--------------------------------------------------|----------------------------|-----------------------------|
  | clean, elapsed <= 1.05 T                         | no                         | no                          |
  | clean, elapsed > 1.05 T                          | yes                        | yes                         |
  | only members failed that are down                | no                         | no                          |
  | a member failed that is not down                 | yes                        | if cured (below)            |
  | the call failed: no list, or killed after T      | yes                        | if cured                    |
  | lost                                             | yes                        | no                          |
  | cut off by the probe before T was over (censored)| yes                        | no                          |
  | made while members may still have been connecting| not counted                | not counted                 |

Whatever is open counts against every statement that is made. Elapsed time starts at the intended start of the call; it
is looked at in clean calls only, because where a member failed the status says it, and the library may wait for the
full time. The bar at T has 5 % of margin because every member of a clean call did answer within the library's own T.

Members
  down        see above; or failed at 60 s far more often than is tolerated
  not_listed  the file names it, and no call listed it
  ok          never failed at T, or T is proven
  slow        failed at T, and *cured*: it failed in a call that was not early, calls with a failure of such members are
              rarer at the ceiling, by Fisher's test at confidence c over the group, some ceiling call took about T or
              longer, and T failed again after the ceiling run, in as many calls as before, in stretches that begin more
              often than at the ceiling
  unknown     the rest: no ceiling run, too few failures or ceiling calls to tell, or failures that no limit can cause

With statusTimeout at 60 s already, the main run is the ceiling run: who fails there is down, never slow.

Verdict: the first row that applies

  | # | condition                                                   | verdict      |
  |---|-------------------------------------------------------------|--------------|
  | 1 | refuted                                                     | insufficient |
  | 2 | a member is down or not listed, or the group is lost        | member_down  |
  | 3 | not proven (also: no calls, no list in any call)            | inconclusive |
  | 4 | head-room not proven, or unknown                            | tight        |
  | 5 | otherwise                                                   | sufficient   |

Row 1 stands before row 2: that T cuts off a living member is certain, and can be repaired, whoever else is down. It
needs two statements at confidence c, more than p0 exceed *and* a longer T helps, and is wrong only if one of them is.
Rows 4 and 5 rest on "proven", which happens in at most 1-c of checks when the true share is above p0; asking for
head-room as well can only make that rarer.

Head-room (row 4): in clean calls the bar is T/1.2, with the same boundaries. When half of the clean calls or more are
about T, the library returns results only once the time is over, or the group is that slow: times say nothing, and the
head-room run decides by statuses. Where both exist both must pass. Without either (T = 3 allows no shorter run) the
head-room is unknown, and the verdict is the conservative one: tight.

Dependence: the series of call times and of failures are tested for lag-1 autocorrelation; a high one thins the calls
before any decision (see `dependence`), and every thinning has to say the same.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from confkit.check.evidence import gather
from confkit.check.readings import same_serial
from confkit.check.recommendation import Recommendation, at_least, recommend
from confkit.check.results import Bound, CallCounts, Elapsed, MemberResult, VerdictResult
from confkit.check.wording import notes, reason
from confkit.core.timeout import MAXIMUM_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.evidence import Evidence
    from confkit.check.results import CheckPlan, Verdict
    from confkit.live.calls import Call, Run


def judge(plan: CheckPlan, runs: Sequence[Run], expected: Sequence[str] = (), *, spent: str = "") -> VerdictResult:
    """Return the verdict on the limit of the main runs; the decision table is in the module's text.

    `expected` are the members that the file names. `spent` says, where the budget was too small, how much would do.
    ValueError for runs that do not belong together.
    """
    evidence = gather(plan, runs, expected)
    verdict = decide_verdict(evidence)
    seconds, why = _recommend(evidence)
    least = at_least(evidence)
    bound = _bound(evidence, verdict)
    return VerdictResult(
        verdict=verdict,
        reason=reason(verdict, evidence, bound, spent),
        recommended_seconds=seconds,
        recommendation_reason=why,
        at_least_seconds=least.seconds,
        at_least_reason=least.reason,
        members=_members(evidence, runs),
        calls=_counts(evidence, runs),
        elapsed=_elapsed(runs),
        bound=bound,
        autocorrelation=evidence.dependence.rho,
        weakened=evidence.dependence.step > 1,
        notes=notes(evidence, runs),
    )


def decide_verdict(evidence: Evidence) -> Verdict:
    """Return the first row of the decision table that applies."""
    if evidence.is_refuted(evidence.certain):
        return "insufficient"
    if is_down(evidence) or evidence.not_listed:
        return "member_down"
    if not evidence.main or not evidence.is_proven(evidence.possible):
        return "inconclusive"
    return "sufficient" if has_head_room(evidence) else "tight"


def is_down(evidence: Evidence) -> bool:
    """Return whether a member, or the group, is down."""
    return evidence.group_lost or any(finding.verdict == "down" for finding in evidence.findings)


def has_head_room(evidence: Evidence) -> bool:
    """Return whether the group passes at T/1.2 as well."""
    return bool(evidence.head_room) and all(evidence.is_proven(asked.flags) for asked in evidence.head_room)


def _recommend(evidence: Evidence) -> Recommendation:
    if is_down(evidence):
        return Recommendation(None, f"a member is down, at {MAXIMUM_SECONDS} s, too: no timeout can be fitted to it")
    return recommend(evidence)


def _members(evidence: Evidence, runs: Sequence[Run]) -> tuple[MemberResult, ...]:
    statuses: dict[str, Counter[int]] = {}
    for call in _main_calls(runs):
        for member in call.members:
            statuses.setdefault(same_serial(member.serial), Counter())[member.status] += 1
    found = [
        MemberResult(evidence.names[one.serial], one.verdict, statuses.get(one.serial, Counter()))
        for one in evidence.findings
    ]
    return (*found, *(MemberResult(serial, "not_listed", {}) for serial in evidence.not_listed))


def _counts(evidence: Evidence, runs: Sequence[Run]) -> CallCounts:
    censored = sum(reading.censored for reading in evidence.main)
    return CallCounts(
        planned=max(evidence.plan.calls, len(_main_calls(runs))),
        completed=len(evidence.main) - censored,
        exceeded=sum(evidence.possible) - censored,
        censored=censored,
        settling=evidence.settling,
    )


def _bound(evidence: Evidence, verdict: Verdict) -> Bound:
    further: int | None = 0
    if verdict == "inconclusive":
        further = None if evidence.too_many else evidence.further_calls
    bounds = evidence.bounds
    return Bound(
        confidence=evidence.plan.confidence,
        tolerated=evidence.plan.tolerated,
        lower=bounds.lower,
        upper=bounds.upper,
        further_calls_needed=further,
        calls=evidence.counted,
    )


def _main_calls(runs: Sequence[Run]) -> list[Call]:
    return [call for run in runs if run.purpose == "main" for call in run.calls]


def _elapsed(runs: Sequence[Run]) -> Elapsed | None:
    return elapsed_of([call.elapsed for call in _main_calls(runs) if call.elapsed is not None])


def elapsed_of(values: Sequence[float]) -> Elapsed | None:
    """Return the least, the largest and percentiles by nearest rank; None for no values."""
    times = sorted(values)
    if not times:
        return None
    return Elapsed(
        min=times[0],
        median=_percentile(times, 50),
        p95=_percentile(times, 95),
        p99=_percentile(times, 99),
        max=times[-1],
    )


def _percentile(times: Sequence[float], share: int) -> float:
    return times[math.ceil(len(times) * share / 100) - 1]
