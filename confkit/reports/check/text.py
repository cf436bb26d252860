"""The text of `confkit check`: verdict, times, members, call times against the limits, and what to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from confkit.check.readings import HEAD_ROOM
from confkit.check.wording import counted
from confkit.core.escape import escape
from confkit.core.timeout import MAXIMUM_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confkit.check.results import Verdict
    from confkit.core.severity import Severity
    from confkit.reports.check.models import CheckView, RunView

    Paint = Callable[[str, Severity], str]

_ROWS = 10
_WIDTH = 40
_PURPOSES = {"main": "at statusTimeout", "ceiling": "to tell slow from down", "head_room": "for head-room"}
_SEVERITIES: dict[Verdict, Severity] = {
    "sufficient": "info",
    "tight": "warning",
    "insufficient": "error",
    "member_down": "error",
    "inconclusive": "warning",
    "unavailable": "error",
}


def _uncoloured(text: str, _severity: Severity) -> str:
    return text


def lines(view: CheckView, paint: Paint = _uncoloured) -> list[str]:
    """Return the report, line by line; without control characters but those of `paint`, whatever the library said."""
    word, rest = view.verdict.upper(), escape(f": {view.reason}")
    parts = [_about(view)]
    if view.members:
        parts.append(_members(view))
    parts += [plot for limit in _limits(view) if (plot := _plot(view, limit))]
    body = [escape(line) for part in parts for line in [*part, ""]]
    return [*body, paint(word, _SEVERITIES[view.verdict]) + rest, escape(view.advice)]


def histogram(times: Sequence[float], limit: int) -> list[str]:
    """Return call times in seconds as bars, with the bars at T/1.2 and T marked between the rows."""
    top = max(*times, limit) if times else limit
    step = _step(top / _ROWS)
    counts = [0] * (math.floor(top / step) + 1)
    for time in times:
        counts[math.floor(time / step)] += 1
    marks = {limit / HEAD_ROOM: "T/1.2", float(limit): "T"}
    if limit >= MAXIMUM_SECONDS:
        marks = {float(limit): f"{limit} s"}
    rows = []
    for index, count in enumerate(counts):
        begins, ends = index * step, (index + 1) * step
        bar = "#" * math.ceil(_WIDTH * count / max(counts))
        inside = ", ".join(f"{name} = {bound:.3g}" for bound, name in marks.items() if begins <= bound < ends)
        rows.append(f"{begins:6.3g} - {ends:<6.3g} {bar:<{_WIDTH}} {count:>5}{'  <- ' + inside if inside else ''}")
    return rows


def _limits(view: CheckView) -> list[int]:
    return list(dict.fromkeys(run.limit_seconds for run in view.runs))


def _plot(view: CheckView, limit: int) -> list[str]:
    """Return the call times of all runs under one limit; nothing where no call came back."""
    runs = [run for run in view.runs if run.limit_seconds == limit]
    times = [time for run in runs for time in run.times if time is not None]
    if not times:
        return []
    purpose = _PURPOSES[runs[0].purpose]
    made = sum(run.calls for run in runs)
    return [
        f"Call times in seconds under {limit} s, {purpose} ({len(times)} of {made} calls)",
        *histogram(times, limit),
    ]


def _step(least: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _about(view: CheckView) -> list[str]:
    group, library, times = view.group, view.library, view.elapsed_seconds
    source = f"line {view.configured_line} of the file" if view.configured_source == "file" else "the default"
    seconds = f"{view.configured_seconds} s ({source})" if view.configured_seconds is not None else "not usable"
    layout = f" (layout {library.layout})" if library.layout else ""
    rows = [
        ("file", view.config_path),
        ("HA group", f"{group.label}, serial {group.serial}, slot {group.slot}" if group else "not found"),
        ("statusTimeout", seconds),
        ("library", f"{library.path or 'none'}{layout}"),
        (
            "calls",
            f"{view.calls.completed} completed, {view.calls.exceeded} exceeded, within {view.span_seconds:.0f} s",
        ),
    ]
    if times:
        shown = [("min", times.min), ("median", times.median), ("p95", times.p95), ("max", times.max)]
        rows.append(("call times", ", ".join(f"{name} {value:.3f} s" for name, value in shown)))
    rows += [("return codes", _codes(run)) for run in view.runs if run.calls]
    return [f"{name:<14} {text}" for name, text in rows]


def _codes(run: RunView) -> str:
    session = ", with a session" if run.session else ""
    return f"{run.limit_seconds} s: {counted(run.return_codes)}{session}"


def _members(view: CheckView) -> list[str]:
    width = max(len("member"), *(len(member.serial) for member in view.members))
    rows = [f"{'member':<{width}}  verdict     statuses"]
    rows += [f"{one.serial:<{width}}  {one.verdict:<10}  {counted(one.statuses)}".rstrip() for one in view.members]
    if any(member.verdict == "slow" for member in view.members):
        rows.append(f"(slow: fails now, answers at {MAXIMUM_SECONDS} s)")
    return rows
