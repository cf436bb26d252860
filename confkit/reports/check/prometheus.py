"""The result of a check as metrics of Prometheus: all of them gauges of that one check, but for its call times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.readings import HEAD_ROOM
from confkit.check.results import MEMBER_VERDICTS, VERDICTS
from confkit.live.target import Schedule
from confkit.reports.check.metrics import Metric, Sample, empty_histogram, exposition, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.check.request import CheckResult
    from confkit.live.calls import Call
    from confkit.reports.check.metrics import Histogram
    from confkit.reports.check.models import CheckView

MEMBER_STATES = ("up", *MEMBER_VERDICTS[1:])

_MEANING = {
    "verdict": (
        "1 for the verdict of the last check on its statusTimeout, 0 for the others. Each check is evidence of its "
        "own; at 95 % confidence one in 20 may be wrong: look at several, never repeat it until it passes."
    ),
    "timestamp_seconds": "When the last check ended, in seconds since 1970.",
    "configured_seconds": "The statusTimeout that the last check is about.",
    "recommended_seconds": (
        "The smallest statusTimeout that the last check supports with 20 % head-room; absent where it supports none."
    ),
    "member_state": (
        "1 for what the last check found of a member, 0 for the others. up: it never failed, or within what is "
        "tolerated; slow: it fails at statusTimeout and answers at 60 s; down: it fails at 60 s as well; unknown: it "
        "failed, and the cause is open; not_listed: the file names it, and no call listed it."
    ),
    "member_statuses": "Calls of the last check that reported this status for a member.",
    "calls": (
        "Calls of the last check at statusTimeout: planned, completed, exceeded (those of them that count against it), "
        "censored (cut off before it was over)."
    ),
    "exceeding_ratio": (
        "Bounds on the true share of calls that exceed statusTimeout, each exact at the confidence of the check. It is "
        "proven where upper is at or below luna_ha_check_tolerated_ratio."
    ),
    "tolerated_ratio": "The share of calls that may falsely report a failure, as the last check was asked.",
    "confidence_ratio": "The confidence of the bounds of the last check.",
    "call_duration_seconds": (
        "Times of the calls of the last check alone, from their intended start; no running count, so use it without "
        "rate(). Edges stand at statusTimeout and statusTimeout/1.2. A killed call counts with the time it was given."
    ),
}

# Seconds: a light request on a local network takes milliseconds, the longest statusTimeout is 60 s.
_EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


def page(view: CheckView, result: CheckResult, finished: float) -> str:
    """Return the check as text for Prometheus; `finished` is when it ended, in seconds since 1970."""
    return exposition(check_metrics(view, result, finished))


def check_metrics(view: CheckView, result: CheckResult, finished: float) -> tuple[Metric, ...]:
    """Return the check as metrics; what it could not find out has no sample."""
    group = {"group": view.group.label if view.group else ""}
    bound = view.bound.model_dump() if view.bound else {}
    samples = {
        "verdict": one_of(view.verdict, VERDICTS, "verdict", group),
        "timestamp_seconds": _number(finished, group),
        "configured_seconds": _number(view.configured_seconds, group),
        "recommended_seconds": _number(view.recommended_seconds, group),
        "member_state": _member_states(view, group),
        "member_statuses": _statuses(view, group),
        "calls": _numbers(vars(view.calls), "result", group),
        "exceeding_ratio": _numbers({name: bound[name] for name in ("lower", "upper") if bound}, "bound", group),
        "tolerated_ratio": _number(bound.get("tolerated"), group),
        "confidence_ratio": _number(bound.get("confidence"), group),
    }
    gauges = (Metric(f"luna_ha_check_{name}", "gauge", _MEANING[name], found) for name, found in samples.items())
    times = "call_duration_seconds"
    return (*gauges, Metric(f"luna_ha_check_{times}", "histogram", _MEANING[times], _times(view, result, group)))


def call_times(limit_seconds: int) -> Histogram:
    """Return an empty histogram of call times, with edges at the limit and at the limit with head-room."""
    return empty_histogram((*_EDGES, float(limit_seconds), limit_seconds / HEAD_ROOM))


def times_of(calls: Sequence[Call], limit_seconds: int) -> list[float]:
    """Return the time of each call in seconds, of a killed one what it was given; none for one cut off before T."""
    killed_after = limit_seconds + Schedule.grace_seconds
    return [killed_after if call.elapsed is None else call.elapsed for call in calls if not call.censored]


def _number(value: float | None, labels: dict[str, str]) -> tuple[Sample, ...]:
    return () if value is None else (Sample(labels, value),)


def _numbers(values: Mapping[str, float], name: str, labels: dict[str, str]) -> tuple[Sample, ...]:
    return tuple(Sample({**labels, name: word}, value) for word, value in values.items())


def _member_states(view: CheckView, group: dict[str, str]) -> tuple[Sample, ...]:
    states = {member.serial: "up" if member.verdict == "ok" else member.verdict for member in view.members}
    return tuple(
        sample
        for serial, state in states.items()
        for sample in one_of(state, MEMBER_STATES, "state", {**group, "member": serial})
    )


def _statuses(view: CheckView, group: dict[str, str]) -> tuple[Sample, ...]:
    return tuple(
        sample
        for member in view.members
        for sample in _numbers(member.statuses, "code", {**group, "member": member.serial})
    )


def _times(view: CheckView, result: CheckResult, group: dict[str, str]) -> tuple[Sample, ...]:
    calls = [call for run in result.runs if run.purpose == "main" for call in run.calls]
    if not calls or view.configured_seconds is None:
        return ()
    return call_times(view.configured_seconds).plus(times_of(calls, view.configured_seconds)).samples(group)
