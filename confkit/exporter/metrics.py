"""The state of the exporter as metrics: those of the rounds, and those of the last check as it gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from confkit.exporter.pooled import PooledVerdict
from confkit.reports.check.metrics import Metric, Sample, one_of
from confkit.reports.check.prometheus import MEMBER_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.exporter.state import State

POOLED_VERDICTS: tuple[PooledVerdict, ...] = get_args(PooledVerdict)
# name without the prefix luna_ha_ -> meaning
_GAUGES = {
    "round_success": "1 if the last round made all its calls, 0 if the library, the slot or the file prevented it.",
    "round_timestamp_seconds": "When the last round ended, in seconds since 1970.",
    "configured_seconds": "The statusTimeout in force, from the file or the default, as of the last round.",
    "group_up": (
        "1 if some member answered in the last round, 0 if none did: the group is lost. Absent if no call came back."
    ),
    "member_state": (
        "1 for what is known of a member, 0 for the rest. up: it answered in every call of the last round. The others "
        "failed in it: slow (answers at 60 s) or down (fails at 60 s) as the last check found; unknown until there is "
        "one, or when the last round failed."
    ),
}
_COUNTERS = {
    "rounds_total": "Rounds made: a few calls each, in their own process with their own connections.",
    "round_failures_total": "Rounds that could not make all their calls, by the step that failed.",
    "calls_total": "Calls of the rounds by return code; killed: not returned 3 s after statusTimeout.",
    "member_statuses_total": "Calls of the rounds that reported this status for a member.",
}
_POOLED = {
    "calls": (
        "Calls of the rounds that count for or against statusTimeout, one of each round: counted, exceeded (of those), "
        "unexplained (waiting for a check). They start again when the file, the library or the group changes."
    ),
    "span_seconds": "Time from the first of these calls to the last.",
    "verdict": (
        "1 for what these calls prove about statusTimeout, 0 for the others; sequential, so looking often is allowed. "
        "It lasts until they start again; later calls do not change it."
    ),
}
_CALL_DURATION = (
    "Times of the calls of the rounds, from their intended start. Edges include statusTimeout and statusTimeout/1.2; "
    "counts restart when it changes. A killed call counts with the time it was given."
)


def metrics_of(state: State) -> tuple[Metric, ...]:
    """Return all metrics of `state`; what is not known has no sample."""
    group = {"group": state.group}
    gauges = {
        "round_success": _number(state.answered, group),
        "round_timestamp_seconds": _number(state.finished, group),
        "configured_seconds": _number(state.configured_seconds, group),
        "group_up": _number(state.group_up, group),
        "member_state": tuple(
            sample
            for serial, word in state.members.items()
            for sample in one_of(word, MEMBER_STATES, "state", {**group, "member": serial})
        ),
    }
    counters = {
        "rounds_total": (Sample(group, state.rounds),),
        "round_failures_total": _counts(state.rounds_failed, "stage", group),
        "calls_total": _counts(state.codes, "code", group),
        "member_statuses_total": tuple(
            Sample({**group, "member": serial, "code": code}, count) for (serial, code), count in state.statuses.items()
        ),
    }
    times = state.times.samples(group) if state.times else ()
    evidence = {"calls": _pooled_calls(state, group), "span_seconds": _number(_span(state), group)}
    evidence["verdict"] = (
        one_of(state.pooled_verdict, POOLED_VERDICTS, "verdict", group) if state.pooled_verdict else ()
    )
    return (
        *(Metric(f"luna_ha_{name}", "gauge", _GAUGES[name], samples) for name, samples in gauges.items()),
        *(Metric(f"luna_ha_{name}", "counter", _COUNTERS[name], samples) for name, samples in counters.items()),
        Metric("luna_ha_call_duration_seconds", "histogram", _CALL_DURATION, times),
        *(Metric(f"luna_ha_pooled_{name}", "gauge", _POOLED[name], samples) for name, samples in evidence.items()),
        *state.check,
    )


def _pooled_calls(state: State, labels: Mapping[str, str]) -> tuple[Sample, ...]:
    found = state.pooled
    if found.question is None:
        return ()
    counts = {"counted": len(found.flags), "exceeded": found.exceeded, "unexplained": found.unexplained}
    return tuple(Sample({**labels, "result": word}, count) for word, count in counts.items())


def _span(state: State) -> float | None:
    began, ended = state.pooled.began, state.pooled.ended
    return None if began is None or ended is None else ended - began


def _number(value: float | None, labels: Mapping[str, str]) -> tuple[Sample, ...]:
    return () if value is None else (Sample(labels, float(value)),)


def _counts(counts: Mapping[str, int], name: str, labels: Mapping[str, str]) -> tuple[Sample, ...]:
    return tuple(Sample({**labels, name: word}, count) for word, count in counts.items())
