"""The machine-readable result of `confkit check`; its JSON Schema is schemas/json/check.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from confkit.live.returncodes import name_of

if TYPE_CHECKING:
    from confkit.check.checker import CheckRequest, CheckResult
    from confkit.check.results import VerdictResult


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroupView(_Model):
    """The HA group that was checked."""

    label: str
    serial: str
    slot: int


class MemberView(_Model):
    """One member, and how often the run at the configured limit reported which status."""

    serial: str
    verdict: Literal["ok", "slow", "down", "unknown"]
    statuses: dict[str, int]


class CallsView(_Model):
    """Calls at the configured limit."""

    planned: int
    completed: int
    exceeded: int
    censored: int = Field(description="Cut off by the probe before the limit was over")


class ElapsedView(_Model):
    """Seconds from the intended start, over the calls that came back."""

    min: float
    median: float
    p95: float
    p99: float
    max: float


class BoundView(_Model):
    """Exact bounds on the true share of calls that exceed the limit."""

    confidence: float
    tolerated: float
    lower: float
    upper: float
    further_calls_needed: int | None


class LibraryView(_Model):
    """The client library, and the layout of CK_HA_STATUS it was found to write."""

    path: str | None
    layout: str | None


class CheckView(_Model):
    """The answer of `confkit check`."""

    version: Literal[1] = 1
    verdict: Literal["sufficient", "tight", "insufficient", "member_down", "inconclusive", "unavailable"]
    reason: str
    configured_seconds: int | None
    configured_source: Literal["file", "default"]
    recommended_seconds: int | None
    recommendation_reason: str
    group: GroupView | None
    members: tuple[MemberView, ...]
    calls: CallsView
    elapsed_seconds: ElapsedView | None
    bound: BoundView | None
    autocorrelation: float | None = Field(description="Lag-1 autocorrelation; null where nothing varied")
    library: LibraryView


def view(request: CheckRequest, result: CheckResult) -> CheckView:
    """Return the result of a check as it is printed."""
    found = result.verdict
    return CheckView(
        verdict=found.verdict if found else "unavailable",
        reason=result.reason,
        configured_seconds=result.configured_seconds,
        configured_source="default" if result.configured_line is None else "file",
        recommended_seconds=found.recommended_seconds if found else None,
        recommendation_reason=found.recommendation_reason if found else "no verdict was reached",
        group=GroupView(**vars(result.group)) if result.group else None,
        members=_members(found) if found else (),
        calls=_calls(request, found),
        elapsed_seconds=ElapsedView(**vars(found.elapsed)) if found and found.elapsed else None,
        bound=_bound(found) if found else None,
        autocorrelation=found.autocorrelation if found else None,
        library=LibraryView(path=result.library, layout=result.layout),
    )


def _members(found: VerdictResult) -> tuple[MemberView, ...]:
    return tuple(
        MemberView(
            serial=member.serial,
            verdict=member.verdict,
            statuses={name_of(status): count for status, count in member.statuses.items()},
        )
        for member in found.members
    )


def _calls(request: CheckRequest, found: VerdictResult | None) -> CallsView:
    if found is None:
        return CallsView(planned=request.plan.calls, completed=0, exceeded=0, censored=0)
    return CallsView(**vars(found.calls))


def _bound(found: VerdictResult) -> BoundView:
    values = {name: value for name, value in vars(found.bound).items() if name in BoundView.model_fields}
    return BoundView(**values)
