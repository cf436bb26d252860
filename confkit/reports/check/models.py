"""The machine-readable result of `confkit check`; its JSON Schema is schemas/json/check.json."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# Field types, which pydantic looks up when it makes the classes.
from confkit.check.readings import SETTLING_SECONDS
from confkit.check.results import CallCounts, Elapsed, MemberVerdict, Verdict
from confkit.check.verdict import elapsed_of
from confkit.check.wording import return_codes
from confkit.live.calls import FoundGroup, Purpose
from confkit.live.returncodes import name_of
from confkit.reports.check.advice import advice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confkit.check.request import CheckRequest, CheckResult
    from confkit.check.results import VerdictResult
    from confkit.live.calls import Call, Run


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MemberView(_Model):
    """One member, and how often the run at the configured limit reported which status."""

    serial: str
    verdict: MemberVerdict
    statuses: dict[str, int]


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
    state: str | None = Field(description="Size and time of modification of its file, by which it is known again")


class FailedCall(_Model):
    """A call that was not clean, or listed other members than most.

    `call` counts from 0; the code is "none" for a call that did not come back.
    """

    call: int = Field(ge=0)
    return_code: str
    statuses: dict[str, str] = Field(
        description="Every member's status, by serial number; with commas where a member is listed more than once"
    )
    censored: bool
    problem: str = Field(description="Why there is no list of members, where more is known than the return code")


class RunView(_Model):
    """The calls of one process under one limit."""

    purpose: Purpose
    limit_seconds: int = Field(ge=1)
    session: bool = Field(description="A public session was open on the slot")
    calls: int
    settled_from: int = Field(description="Index of the first call more than 5 s after C_Initialize")
    return_codes: dict[str, int]
    statuses: dict[str, dict[str, int]] = Field(description="Serial number -> status -> calls")
    members: list[str] = Field(
        description="The serial numbers listed, all as CKR_OK, by each call that is not in failed"
    )
    starts: list[float] = Field(
        description="Seconds from started_at to the intended start of each call; negative for those of an earlier check"
    )
    times: list[Annotated[float, Field(ge=0)] | None] = Field(
        description="Seconds from the intended start; null where a call did not come back"
    )
    failed: list[FailedCall]


class CheckView(_Model):
    """The answer of `confkit check`."""

    version: Literal[2] = 2
    verdict: Verdict
    reason: str
    advice: str
    started_at: str
    finished_at: str
    interrupted: bool
    continuable: bool = Field(description="Whether further calls may continue this evidence (--resume)")
    host: str
    config_path: str
    config_sha256: str = Field(description="Of the content of the file without its secrets")
    configured_seconds: int | None
    configured_source: Literal["file", "default"]
    configured_line: int | None
    recommended_seconds: int | None
    recommendation_reason: str
    at_least_seconds: int | None
    at_least_reason: str
    group: FoundGroup | None
    members: tuple[MemberView, ...]
    calls: CallCounts
    span_seconds: float = Field(description="From the first call at the configured limit to the end of the last")
    return_codes: dict[str, int] = Field(description="Of the calls at the configured limit")
    elapsed_seconds: Elapsed | None
    bound: BoundView | None
    autocorrelation: float | None = Field(description="Lag-1 autocorrelation; null where nothing varied")
    library: LibraryView
    runs: tuple[RunView, ...]
    notes: tuple[str, ...]


def view(request: CheckRequest, result: CheckResult) -> CheckView:
    """Return the result of a check as it is printed."""
    found = result.verdict
    main = [call for run in result.runs if run.purpose == "main" for call in run.calls]
    return CheckView(
        verdict=found.verdict if found else "unavailable",
        reason=result.reason,
        advice=advice(request, result),
        started_at=_timestamp(result.started),
        finished_at=_timestamp(result.finished),
        interrupted=result.interrupted,
        continuable=not (result.is_last or result.modified),
        host=result.host,
        config_path=result.config_path,
        config_sha256=result.config_digest,
        configured_seconds=result.configured_seconds,
        configured_source="default" if result.configured_line is None else "file",
        configured_line=result.configured_line,
        recommended_seconds=found.recommended_seconds if found else None,
        recommendation_reason=found.recommendation_reason if found else "no verdict was reached",
        at_least_seconds=found.at_least_seconds if found else None,
        at_least_reason=found.at_least_reason if found else "no verdict was reached",
        group=result.group,
        members=_members(found) if found else (),
        calls=found.calls if found else CallCounts(request.plan.calls, 0, 0, 0),
        span_seconds=_span(main),
        return_codes=return_codes(main),
        elapsed_seconds=elapsed_of([call.elapsed for call in main if call.elapsed is not None]),
        bound=_bound(found) if found else None,
        autocorrelation=found.autocorrelation if found else None,
        library=LibraryView(path=result.library, layout=result.layout, state=result.library_state or None),
        runs=tuple(_run(run, result.began) for run in result.runs),
        notes=found.notes if found else (),
    )


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _span(calls: list[Call]) -> float:
    if not calls:
        return 0.0
    return max(call.returned or call.started for call in calls) - min(call.intended for call in calls)


def _members(found: VerdictResult) -> tuple[MemberView, ...]:
    return tuple(
        MemberView(
            serial=member.serial,
            verdict=member.verdict,
            statuses={name_of(status): count for status, count in member.statuses.items()},
        )
        for member in found.members
    )


def _bound(found: VerdictResult) -> BoundView:
    values = {name: value for name, value in vars(found.bound).items() if name in BoundView.model_fields}
    return BoundView(**values)


def _run(run: Run, began: float) -> RunView:
    settled = (index for index, call in enumerate(run.calls) if call.age_seconds >= SETTLING_SECONDS)
    listed = Counter(_listed(call) for call in run.calls if _is_clean(call))
    usual = max(listed, key=listed.__getitem__, default=())
    return RunView(
        purpose=run.purpose,
        limit_seconds=run.limit_seconds,
        session=run.session,
        calls=len(run.calls),
        settled_from=next(settled, len(run.calls)),
        return_codes=return_codes(run.calls),
        statuses=_statuses(run.calls),
        members=list(usual),
        starts=[round(call.intended - began, 6) for call in run.calls],
        times=[None if call.elapsed is None else max(0.0, round(call.elapsed, 6)) for call in run.calls],
        failed=[
            _failed(index, call)
            for index, call in enumerate(run.calls)
            if not (_is_clean(call) and _listed(call) == usual)
        ],
    )


def _is_clean(call: Call) -> bool:
    return call.rv == 0 and bool(call.members) and not any(member.status for member in call.members)


def _listed(call: Call) -> tuple[str, ...]:
    return tuple(member.serial for member in call.members)


def _failed(index: int, call: Call) -> FailedCall:
    statuses: dict[str, list[str]] = {}
    for member in call.members:
        statuses.setdefault(member.serial, []).append(name_of(member.status))
    return FailedCall(
        call=index,
        return_code="none" if call.rv is None else name_of(call.rv),
        statuses={serial: ", ".join(names) for serial, names in statuses.items()},
        censored=call.censored,
        problem=call.problem,
    )


def _statuses(calls: Iterable[Call]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for call in calls:
        for member in call.members:
            counts.setdefault(member.serial, Counter())[name_of(member.status)] += 1
    return {serial: dict(found) for serial, found in counts.items()}
