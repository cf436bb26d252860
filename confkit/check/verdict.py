"""The verdict on statusTimeout: from timed status calls to one of five words. Pure: no clock, no file, no library.

The question is fixed before the first call (`CheckPlan`): statusTimeout T, tolerated share p0 of calls that falsely
report a failure, confidence c, number of calls. Three runs may answer it, each of calls made one at a time:

  main       at T; always
  ceiling    at 60 s; needed when calls failed and T is not proven (`wants_ceiling_run`): it tells slow from down
  head-room  at T/1.2 rounded down; needed when call times say nothing (`wants_head_room_run`)

Words
  clean       the call returned CKR_OK and a list in which every member is CKR_OK
  failed      of a member in a call: another status, or missing from the list, or the call gave no list (it returned
              something else than CKR_OK, an empty list, or never returned)
  dead        of a member: failed in every ceiling call that says something about members (a call that hung, was cut
              off by the probe, or gave no list and no code that means a lost group, says nothing)
  about T     within 5 % of T: 0.95 T to 1.05 T
  early       of a call: came back before 0.95 T was over. The limit cut nothing in it, unless it cut a call before and
              the library remembers who is unreachable
  lost        of a call: early, and failed for the whole group (no list, or CKR_DEVICE_ERROR for every member). That the
              ceiling run does not show it may be due to its fresh C_Initialize, which is what cures a lost group

Which call at T is an exceedance

  | call                                             | upper bound (is T proven?) | lower bound (is T refuted?) |
  |--------------------------------------------------|----------------------------|-----------------------------|
  | clean, elapsed <= 1.05 T                         | no                         | no                          |
  | clean, elapsed > 1.05 T                          | yes                        | yes                         |
  | only dead members failed                         | no                         | no                          |
  | a member failed that is not dead                 | yes                        | if cured (below)            |
  | the call failed: no list, or killed after T      | yes                        | if cured                    |
  | lost                                             | yes                        | no                          |
  | cut off by the probe before T was over (censored)| yes                        | no                          |

Whatever is open counts against every statement that is made: as an exceedance when T is to be proven, not as one when T
is to be refuted. Elapsed time starts at the intended start of the call; it is looked at in clean calls only, because
where a member failed the status says it, and the library may wait for the full time. The bar at T has 5 % of margin
because every member of a clean call did answer within the library's own T; waking up and returning come on top.

Members
  down     dead; or *flapping*: failed in more ceiling calls than is tolerated (exact lower bound), for then 60 s do not
           suffice, either; or in some, and it is not shown to be cured (unless both shares are tolerable). A longer T
           is not what helps it: its failures keep T from being proven, and are never blamed on T.
  ok       never failed at T, or the upper bound over the whole group is tolerable (<= p0)
  slow     failed at T, and *cured*: it failed in a call that was not early, and calls with a failure of such members
           are rarer at the ceiling, by Fisher's test at confidence c over the group. Group-wide, for 32 members that
           each fail now and then are one group that fails often. Where T was tried once more after the ceiling run,
           there must be failures on both sides of it, of a member about as many (Fisher, two-sided), and stretches of
           failures must begin more often than at the ceiling: a library that has lost a member fails with it until it
           reconnects, which is many calls at T and one at 60 s.
  unknown  the rest: no ceiling run, too few failures or ceiling calls to tell, or failures that no limit can cause

With statusTimeout at 60 s already, the main run is the ceiling run: who fails there is down, never slow.

Verdict: the first row that applies

  | # | condition                                                  | verdict      |
  |---|------------------------------------------------------------|--------------|
  | 1 | lower bound > p0                                           | insufficient |
  | 2 | a member is down, or the group is lost                     | member_down  |
  | 3 | upper bound > p0 (also: no calls, no list in any call)     | inconclusive |
  | 4 | head-room not shown, or unknown                            | tight        |
  | 5 | otherwise                                                  | sufficient   |

Row 1 stands before row 2: that T cuts off a living member is certain, and can be mended, whoever else is down. It needs
two statements at confidence c, more than p0 exceed *and* a longer T helps, and is wrong only if one of them is: in less
than 1-c of runs. Rows 4 and 5 rest on the upper bound, which is at or below p0 in less than 1-c of runs when the true
share is above p0; asking for head-room as well can only make that rarer. Row 3 says how many further clean calls are
missing, or None when too many failed already (exact lower bound > p0, whatever the cause) and only the cause is open.

Head-room (row 4): in clean calls the bar is T/1.2, with the same upper bound. When half of the clean calls or more are
about T, the library returns results only once the time is over, or the group is that slow: times say nothing, and the
head-room run decides by statuses. Where both exist both must pass. Without either (T = 3 allows no shorter run) the
head-room is unknown, and the verdict is the conservative one: tight.

Dependence: the series of call times and of failures are tested for lag-1 autocorrelation; a high one thins the calls
before any bound or test (see `dependence`). A member that was down for one stretch and came back makes such a series:
it is not taken for slow. Where other members hide the series, its own failures on one side of the ceiling run tell.
How often all of this is wrong is simulated in tests/campaign/test_live_simulation.py.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from confkit.check.evidence import gather, head_room_limit
from confkit.check.outcomes import informative
from confkit.check.recommendation import CEILING_SECONDS, Recommendation, TimesSample, recommend
from confkit.check.results import Bound, CallCounts, Elapsed, MemberResult, VerdictResult
from confkit.check.wording import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.evidence import Evidence
    from confkit.check.results import CheckPlan, Verdict
    from confkit.live.calls import Run


def judge(plan: CheckPlan, main: Run, ceiling: Run | None = None, head_room: Run | None = None) -> VerdictResult:
    """Give the verdict on the limit of `main`, from the runs there are; the decision table is in the module's text.

    Raise ValueError when `ceiling` ran under less than 60 s, or `head_room` under more than T/1.2.
    """
    evidence = gather(plan, main, ceiling, head_room)
    verdict = _decide(evidence)
    seconds, why = _recommend(evidence)
    return VerdictResult(
        verdict=verdict,
        reason=reason(verdict, evidence),
        recommended_seconds=seconds,
        recommendation_reason=why,
        members=_members(evidence, main),
        calls=_counts(evidence, main),
        elapsed=_elapsed(main),
        bound=_bound(evidence, verdict),
        autocorrelation=evidence.dependence.rho,
        weakened=evidence.dependence.step > 1,
    )


def wants_ceiling_run(plan: CheckPlan, main: Run) -> bool:
    """Tell whether only a run at 60 s can say what failures in `main` mean: there are some, and T is not proven."""
    evidence = gather(plan, main, None, None)
    failed = any(not outcome.clean and not outcome.censored for outcome in evidence.main)
    return failed and main.limit_seconds < CEILING_SECONDS and not evidence.passes(evidence.possible)


def wants_head_room_run(plan: CheckPlan, main: Run) -> bool:
    """Tell whether only a run at `head_room_limit(T)` can show head-room: `main` passes, and its times say nothing."""
    evidence = gather(plan, main, None, None)
    is_possible = head_room_limit(main.limit_seconds) is not None
    return is_possible and evidence.passes(evidence.possible) and not informative(evidence.main, evidence.limit)


def _decide(evidence: Evidence) -> Verdict:
    if evidence.lower > evidence.plan.tolerated:
        return "insufficient"
    if evidence.group_lost or any(finding.verdict == "down" for finding in evidence.findings):
        return "member_down"
    if not evidence.passes(evidence.possible):
        return "inconclusive"
    shown = bool(evidence.head_room) and all(evidence.passes(asked.flags) for asked in evidence.head_room)
    return "sufficient" if shown else "tight"


def _recommend(evidence: Evidence) -> Recommendation:
    if evidence.group_lost or any(finding.verdict == "down" for finding in evidence.findings):
        return Recommendation(None, f"a member is down, at {CEILING_SECONDS} s, too: no timeout can be fitted to it")
    samples = [TimesSample(evidence.main, evidence.limit), TimesSample(evidence.ceiling, CEILING_SECONDS)]
    return recommend([sample for sample in samples if sample.run], evidence.dependence.step, evidence.plan)


def _members(evidence: Evidence, main: Run) -> tuple[MemberResult, ...]:
    statuses: dict[str, Counter[int]] = {finding.serial: Counter() for finding in evidence.findings}
    for call in main.calls:
        for member in call.members:
            statuses[member.serial][member.status] += 1
    return tuple(MemberResult(one.serial, one.verdict, statuses[one.serial]) for one in evidence.findings)


def _counts(evidence: Evidence, main: Run) -> CallCounts:
    censored = sum(outcome.censored for outcome in evidence.main)
    return CallCounts(
        planned=main.planned,
        completed=len(evidence.main) - censored,
        exceeded=sum(evidence.possible) - censored,
        censored=censored,
    )


def _bound(evidence: Evidence, verdict: Verdict) -> Bound:
    further: int | None = 0
    if verdict == "inconclusive":
        further = None if evidence.too_many else evidence.further_calls
    return Bound(
        confidence=evidence.plan.confidence,
        tolerated=evidence.plan.tolerated,
        lower=evidence.lower,
        upper=evidence.upper,
        further_calls_needed=further,
        calls=evidence.counted,
    )


def _elapsed(main: Run) -> Elapsed | None:
    times = sorted(call.elapsed for call in main.calls if call.elapsed is not None)
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
