"""The text of `confkit check`: members, call times against the bars, one sentence of verdict and one of advice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from confkit.check.outcomes import HEAD_ROOM
from confkit.check.recommendation import CEILING_SECONDS
from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confkit.check.checker import CheckResult
    from confkit.live.calls import Call
    from confkit.reports.check.models import CheckView

_ROWS = 10
_WIDTH = 40


def lines(view: CheckView, result: CheckResult) -> list[str]:
    """Return the report, line by line; without control characters, whatever the library said."""
    parts = [_about(view)]
    if view.members:
        parts.append(_members(view))
    times = [call.elapsed for call in _main_calls(result) if call.elapsed is not None]
    if times and view.configured_seconds is not None:
        parts.append(histogram(times, view.configured_seconds))
    parts.append([f"{view.verdict.upper()}: {view.reason}", advice(view)])
    return [escape(line) for part in parts for line in [*part, ""]][:-1]


def advice(view: CheckView) -> str:
    """Return the one sentence that says what to do."""
    seconds, wanted = view.configured_seconds, view.recommended_seconds
    if view.verdict == "sufficient":
        return "Nothing to do."
    if view.verdict == "member_down":
        down = ", ".join(member.serial for member in view.members if member.verdict == "down") or "all members"
        return f"Bring back {down} (lunacm: hagroup listgroups), then check again."
    if view.verdict in {"tight", "insufficient"}:
        if wanted is not None and seconds is not None and wanted > seconds:
            return f"Run: confkit set-timeout {wanted}"
        return f"No longer timeout can be recommended: {view.recommendation_reason}."
    if view.bound and view.bound.further_calls_needed:
        return f"Run again with --calls {view.calls.planned + view.bound.further_calls_needed}, or a larger --budget."
    return "Mend that, then check again."


def histogram(times: Sequence[float], limit: int) -> list[str]:
    """Return call times in seconds as bars, with the bars at T/1.2 and T marked between the rows."""
    top = max(*times, limit)
    step = _step(top / _ROWS)
    counts = [0] * (math.floor(top / step) + 1)
    for time in times:
        counts[math.floor(time / step)] += 1
    marks = {limit / HEAD_ROOM: "T/1.2", float(limit): "T"}
    rows = [f"Call times in seconds ({len(times)} calls)"]
    for index, count in enumerate(counts):
        begins, ends = index * step, (index + 1) * step
        bar = "#" * math.ceil(_WIDTH * count / max(counts))
        inside = ", ".join(f"{name} = {bound:.3g}" for bound, name in marks.items() if begins <= bound < ends)
        rows.append(f"{begins:6.3g} - {ends:<6.3g} {bar:<{_WIDTH}} {count:>5}{'  <- ' + inside if inside else ''}")
    return rows


def _step(least: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _about(view: CheckView) -> list[str]:
    group, library = view.group, view.library
    source = "from the file" if view.configured_source == "file" else "the default"
    seconds = f"{view.configured_seconds} s ({source})" if view.configured_seconds is not None else "not usable"
    layout = f" (layout {library.layout})" if library.layout else ""
    return [
        f"HA group       {f'{group.label}, serial {group.serial}, slot {group.slot}' if group else 'not found'}",
        f"statusTimeout  {seconds}",
        f"library        {library.path or 'none'}{layout}",
        f"calls          {view.calls.completed} of {view.calls.planned} completed, {view.calls.exceeded} exceeded",
    ]


def _members(view: CheckView) -> list[str]:
    width = max(len("member"), *(len(member.serial) for member in view.members))
    rows = [f"{'member':<{width}}  verdict  statuses"]
    for member in view.members:
        statuses = ", ".join(f"{name} {count}x" for name, count in member.statuses.items())
        rows.append(f"{member.serial:<{width}}  {member.verdict:<7}  {statuses}")
    if any(member.verdict == "slow" for member in view.members):
        rows.append(f"(slow: fails now, answers at {CEILING_SECONDS} s)")
    return rows


def _main_calls(result: CheckResult) -> Sequence[Call]:
    return result.runs[0].calls if result.runs else ()
