"""What goes into a verdict (the calls of a run, the plan) and what comes out: plain data, no behaviour.

Times are seconds on one monotonic clock. An emulated or a real group, a probe or a simulation: who made the calls does
not show here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confkit.check.bounds import clean_calls_needed
from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["sufficient", "tight", "insufficient", "member_down", "inconclusive", "unavailable"]
MemberVerdict = Literal["ok", "slow", "down", "unknown"]


@dataclass(frozen=True)
class CheckPlan:
    """The question, fixed before the first call: see `plan_for`.

    `tolerated` is the share of calls that may falsely report a failure, `confidence` the confidence wanted (both
    between 0 and 1, exclusive), `calls` how many calls to make. UsageError for anything else.
    """

    tolerated: float
    confidence: float
    calls: int

    def __post_init__(self) -> None:
        for name, value in (("tolerated share", self.tolerated), ("confidence", self.confidence)):
            if not 0 < value < 1:
                raise UsageError(f"The {name} is {value}. Give a number between 0 and 1, such as 0.05 or 0.95.")
        if self.calls < 1:
            raise UsageError(f"The number of calls is {self.calls}. Give a whole number from 1 on.")


def plan_for(tolerated: float = 0.05, confidence: float = 0.95, calls: int | None = None) -> CheckPlan:
    """Give a plan of `calls` calls; by default of as many as suffice if every call is clean (59 for 5 % and 95 %)."""
    checked = CheckPlan(tolerated, confidence, 1 if calls is None else calls)
    return checked if calls is not None else CheckPlan(tolerated, confidence, clean_calls_needed(tolerated, confidence))


@dataclass(frozen=True)
class MemberResult:
    """One member: its verdict, and how often the run at the configured limit reported which status (CK_RV: calls)."""

    serial: str
    verdict: MemberVerdict
    statuses: Mapping[int, int]


@dataclass(frozen=True)
class CallCounts:
    """Calls of the run at the configured limit.

    `completed` were not cut off by the probe, `exceeded` are those of them that count against the limit, `censored`
    were cut off before the limit was over.
    """

    planned: int
    completed: int
    exceeded: int
    censored: int


@dataclass(frozen=True)
class Elapsed:
    """Seconds from the intended start, over the calls that came back; percentiles by nearest rank."""

    min: float
    median: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True)
class Bound:
    """Bounds on the true share of exceedances at the configured limit, from `calls` calls (fewer when thinned).

    `lower` and `upper` are each exact at `confidence`. `further_calls_needed`: how many clean calls are missing; 0 when
    none, None when no number of calls at this limit can help.
    """

    confidence: float
    tolerated: float
    lower: float
    upper: float
    further_calls_needed: int | None
    calls: int


@dataclass(frozen=True)
class VerdictResult:
    """The answer to the question whether this statusTimeout is sufficient for this group.

    `elapsed` is None when no call came back. `autocorrelation` is the largest lag-1 autocorrelation found, None when
    nothing varied enough to have one; `weakened` says that it was high and the calls were thinned.
    """

    verdict: Verdict
    reason: str
    recommended_seconds: int | None
    recommendation_reason: str
    members: tuple[MemberResult, ...]
    calls: CallCounts
    elapsed: Elapsed | None
    bound: Bound
    autocorrelation: float | None
    weakened: bool
