"""What the exporter knows: one immutable value, replaced whole after each round and each check. Pure functions.

A scrape reads the value that is there, so nothing that a library does can keep it waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from confkit.check.readings import CKR_OK
from confkit.exporter import pooled
from confkit.exporter.pooled import Pooled, PooledVerdict
from confkit.live.returncodes import name_of
from confkit.reports.check.prometheus import call_times, times_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.exporter.rounds import Round
    from confkit.live.calls import Call
    from confkit.reports.check.metrics import Histogram, Metric
    from confkit.reports.check.models import CheckView

Key = TypeVar("Key", bound=Hashable)
MemberState = Literal["up", "slow", "down", "unknown", "not_listed"]
KILLED = "killed"
"""In the place of the return code of a call that never returned."""


@dataclass(frozen=True)
class State:
    """All that is exposed, and what the next step needs.

    `group` is the label of the group that was last seen. `answered` tells whether the last round made all its calls;
    None before the first. `group_up`: some member answered in it, None when no call came back. `members` are those of
    the last list that a call gave. `judged` says of members that fail what the last check found. Counts run from the
    start of the process; `times` starts anew when the limit changes, for its edges do. `rounds_failed` is by stage,
    `codes` by the return code of the call, `statuses` by member and code. `check` are the metrics of the last check and
    `checked_seconds` the limit that it was about. `pooled` is the evidence of the rounds, and
    `pooled_verdict` what it proves.
    """

    group: str = ""
    configured_seconds: int | None = None
    answered: bool | None = None
    finished: float | None = None  # seconds since 1970, of the last round
    group_up: bool | None = None
    members: Mapping[str, MemberState] = field(default_factory=dict)
    judged: Mapping[str, MemberState] = field(default_factory=dict)
    rounds: int = 0
    rounds_failed: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[tuple[str, str], int] = field(default_factory=dict)
    times: Histogram | None = None
    check: tuple[Metric, ...] = ()
    checked_seconds: int | None = None
    pooled: Pooled = field(default_factory=Pooled)
    pooled_verdict: PooledVerdict | None = None


def after_round(state: State, made: Round, finished: float) -> State:
    """Return the state after a round that ended at `finished`, in seconds since 1970."""
    whole = made.failure is None
    failing = _failing(state, made.calls) if whole else frozenset(state.members)
    listed = [member.serial for call in made.calls for member in call.members]
    serials = dict.fromkeys(listed) if whole and listed else dict.fromkeys(state.members)
    # A round that failed says nothing about members: what is known of failing ones stays known, and is not shown.
    judged = {serial: word for serial, word in state.judged.items() if serial in failing or not whole}
    known: Mapping[str, MemberState] = judged if whole else {}
    stage = made.failure.stage.rstrip(" 0123456789") if made.failure else ""  # "call 7": "call"
    return replace(
        state,
        group=made.group or state.group,
        configured_seconds=made.configured_seconds,
        answered=whole,
        finished=finished,
        group_up=_group_up(made.calls),
        members={serial: known.get(serial, "unknown") if serial in failing else "up" for serial in serials},
        judged=judged,
        rounds=state.rounds + 1,
        rounds_failed=_sum(state.rounds_failed, Counter([stage] if stage else [])),
        codes=_sum(state.codes, Counter(KILLED if call.rv is None else name_of(call.rv) for call in made.calls)),
        statuses=_sum(state.statuses, _statuses(made.calls)),
        times=_times(state, made),
    )


def after_check(state: State, view: CheckView, metrics: tuple[Metric, ...]) -> State:
    """Return the state after a check, of which `metrics` are exposed."""
    words: Mapping[str, MemberState] = {
        member.serial: member.verdict for member in view.members if member.verdict != "ok"
    }
    members = {serial: word if word == "up" else words.get(serial, "unknown") for serial, word in state.members.items()}
    # A failing member of which the check says nothing is judged, too: another check would say no more.
    judged = {serial: words.get(serial, "unknown") for serial, word in members.items() if word != "up"}
    checked = replace(state, members=members, judged=judged, check=metrics, checked_seconds=view.configured_seconds)
    return with_evidence(checked, pooled.after_check(state.pooled, judged))


def with_evidence(state: State, evidence: Pooled) -> State:
    """Return the state with other evidence of the rounds, and what that proves."""
    return replace(state, pooled=evidence, pooled_verdict=pooled.verdict_of(evidence))


def is_news(state: State) -> bool:
    """Return whether only a check can say more: a member began to fail, or the limit is not that of the last check."""
    failing = {serial for serial, word in state.members.items() if word != "up"}
    return bool(state.answered) and (
        not failing <= set(state.judged) or state.configured_seconds != state.checked_seconds
    )


def _failing(state: State, calls: Sequence[Call]) -> frozenset[str]:
    """Give the members that some call did not report as CKR_OK; all of them for a call without a list."""
    everybody = {member.serial for call in calls for member in call.members} or set(state.members)
    answered = [{member.serial for member in call.members if member.status == CKR_OK} for call in calls]
    return frozenset(serial for serial in everybody if not all(serial in serials for serials in answered))


def _group_up(calls: Sequence[Call]) -> bool | None:
    """Return whether some member answered; None when no call came back."""
    returned = [call for call in calls if call.rv is not None]
    return any(member.status == CKR_OK for call in returned for member in call.members) if returned else None


def _statuses(calls: Sequence[Call]) -> Counter[tuple[str, str]]:
    return Counter((member.serial, name_of(member.status)) for call in calls for member in call.members)


def _sum(before: Mapping[Key, int], more: Counter[Key]) -> Mapping[Key, int]:
    return Counter(before) + more


def _times(state: State, made: Round) -> Histogram | None:
    limit = made.configured_seconds
    if limit is None:
        return state.times
    empty = call_times(limit)
    before = state.times if state.times and state.times.edges == empty.edges else empty
    return before.plus(times_of(made.calls, limit))
