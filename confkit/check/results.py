"""The question of a check (its plan) and the answer: plain data. The calls are in `confkit.live.calls`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from confkit.check.sequential import default_maximum, fewest_calls
from confkit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["sufficient", "tight", "insufficient", "member_down", "inconclusive", "unavailable"]
MemberVerdict = Literal["ok", "slow", "down", "unknown", "not_listed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
MEMBER_VERDICTS: tuple[MemberVerdict, ...] = get_args(MemberVerdict)
EXIT_CODES: Mapping[Verdict, int] = {
    "sufficient": 0,
    "tight": 0,
    "insufficient": 1,
    "member_down": 1,
    "inconclusive": 3,
    "unavailable": 3,
}


@dataclass(frozen=True)
class CheckPlan:
    """The question, fixed before the first call: see `plan_for`.

    `tolerated` is the share of calls that may falsely report a failure, `confidence` the confidence wanted (both
    between 0 and 1, exclusive), `calls` how many calls to make at most. `is_last`: no further calls will continue this
    evidence, so the boundaries spend all of the error within `calls`. UsageError for anything else.
    """

    tolerated: float
    confidence: float
    calls: int
    is_last: bool = False

    def __post_init__(self) -> None:
        for name, value in (("tolerated share", self.tolerated), ("confidence", self.confidence)):
            if not 0 < value < 1:
                raise UsageError(f"The {name} is {value}. Give a number between 0 and 1, such as 0.05 or 0.95.")
        if self.calls < 1:
            raise UsageError(f"The number of calls is {self.calls}. Give a whole number from 1 on.")

    @property
    def horizon(self) -> int | None:
        """By how many calls all of the error is spent; None where there is always more to come."""
        return self.calls if self.is_last else None

    @property
    def fewest_calls(self) -> int:
        """After how many calls a group without any failure passes."""
        return fewest_calls(self.tolerated, self.confidence, self.horizon)


def plan_for(tolerated: float = 0.05, confidence: float = 0.95, calls: int | None = None) -> CheckPlan:
    """Return the plan for a question; at most `calls` calls, by default 400 for 5 % and 95 %, others in proportion."""
    checked = CheckPlan(tolerated, confidence, 1 if calls is None else calls)
    usual = default_maximum(tolerated, confidence)
    if calls is None:
        return CheckPlan(tolerated, confidence, usual)
    return CheckPlan(tolerated, confidence, checked.calls, is_last=calls < usual)


@dataclass(frozen=True)
class MemberResult:
    """One member: its verdict, and how often the run at the configured limit reported which status (CK_RV: calls)."""

    serial: str
    verdict: MemberVerdict
    statuses: Mapping[int, int]


@dataclass(frozen=True)
class CallCounts:
    """Calls at the configured limit.

    `completed` were not cut off by the probe, `exceeded` are those of them that count against the limit, `censored`
    were cut off before the limit was over, `settling` were made while members may still have been connecting and do
    not count.
    """

    planned: int
    completed: int
    exceeded: int
    censored: int
    settling: int = 0


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

    `recommended_seconds` is the smallest timeout that one sample, chosen before looking, supports at the plan's
    confidence; `at_least_seconds` the smallest that the slowest call seen allows, which promises nothing beyond it.
    `elapsed` is None when no call came back. `autocorrelation` is the largest lag-1 autocorrelation found, None when
    nothing varied enough to have one; `weakened` says that it was high and the calls were thinned. `notes` are
    sentences about what was noticed besides: members that joined or left, serial numbers listed twice.
    """

    verdict: Verdict
    reason: str
    recommended_seconds: int | None
    recommendation_reason: str
    at_least_seconds: int | None
    at_least_reason: str
    members: tuple[MemberResult, ...]
    calls: CallCounts
    elapsed: Elapsed | None
    bound: Bound
    autocorrelation: float | None
    weakened: bool
    notes: tuple[str, ...] = ()
