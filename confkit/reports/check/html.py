"""The result of a check as one HTML page that needs nothing else: no script, no font, no image, no network."""

from __future__ import annotations

import html as html_text
import math
import re
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.readings import HEAD_ROOM
from confkit.check.wording import counted
from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.check.results import Verdict
    from confkit.reports.check.models import CheckView, RunView

_WIDTH, _HEIGHT = 640, 200  # of a plot without its axes, in the units of its viewBox
_LEFT, _TOP, _BOTTOM = 56, 20, 44  # for the labels of the axes
_MAX_POINTS = 2000
_TICKS = 5
_GOOD, _FAIR, _BAD, _OPEN = "#1a7f37", "#9a6700", "#cf222e", "#57606a"
_COLOURS: dict[Verdict, str] = {"sufficient": _GOOD, "tight": _FAIR, "insufficient": _BAD, "member_down": _BAD}
_TITLES: dict[Verdict, str] = {
    "sufficient": "The timeout is sufficient",
    "tight": "The timeout is sufficient, but without head-room",
    "insufficient": "The timeout is too short",
    "member_down": "A member of the HA group is down",
    "inconclusive": "The check could not decide",
    "unavailable": "The HA group could not be checked",
}
_MEANS: dict[Verdict, str] = {
    "sufficient": "A status call rarely reports a living member as failed: applications fail over only when needed.",
    "tight": "It passes today. With a fifth more load or latency, members that are alive would be reported as failed.",
    "insufficient": "Members that are alive are reported as failed, so applications stop using them.",
    "member_down": "No timeout helps: the member does not answer within the maximum, either.",
    "inconclusive": "What was seen fits more than one explanation. What to do next is said above.",
    "unavailable": "The library, the slot or the configuration stood against it. What to do is said above.",
}
_PURPOSES = {
    "main": "Calls under the configured timeout",
    "ceiling": "Calls under the maximum, to tell slow members from those that are down",
    "head_room": "Calls under a shorter timeout, for head-room",
}

# A page that was sent around runs nothing and loads nothing, whatever a label holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
h1 { font-size: 1.6rem; } h1 span { color: #fff; padding: .1rem .6rem; border-radius: .3rem; font-size: 1rem; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
svg .axis { stroke: currentColor; stroke-opacity: .5; } svg .grid { stroke: currentColor; stroke-opacity: .12; }
code { overflow-wrap: anywhere; }
svg .good { fill: #0969da; } svg .bad { fill: none; stroke: #cf222e; stroke-width: 2; }
svg .limit { stroke: #cf222e; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  svg .good { fill: #58a6ff; } svg .bad, svg .limit { stroke: #ff7b72; }
}
"""


class _Point(NamedTuple):
    """A call in a plot: its number, its seconds, and whether every member answered."""

    call: int
    seconds: float
    clean: bool


def page(view: CheckView) -> str:
    """Return the page: verdict in words, what was checked, members, and the call times of all runs."""
    colour = _COLOURS.get(view.verdict, _OPEN)
    title = _TITLES[view.verdict]
    parts = [
        f'<h1>{_text(title)} <span style="background:{colour}">{_text(view.verdict)}</span></h1>',
        f"<p>{_text(view.reason)}</p>",
        f"<p><strong>{_with_commands(view.advice)}</strong></p>",
        f"<p>{_text(_MEANS[view.verdict])}</p>",
        _table([], _about(view)),
        _members(view),
        *(_plot(view, limit) for limit in dict.fromkeys(run.limit_seconds for run in view.runs)),
        _method(view),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}: {_text(view.host)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body></html>"
    )


def _text(value: object) -> str:
    """Return a value from outside as text of the page."""
    return html_text.escape(escape(str(value)))


def _with_commands(advice: str) -> str:
    """Return the advice as text of the page, commands as code: those between backticks, and what follows "run:"."""
    before, *rest = re.split(r"(?<=\b[Rr]un: )", advice, maxsplit=1)
    parts = before.split("`")
    words = [f"<code>{_text(part)}</code>" if index % 2 else _text(part) for index, part in enumerate(parts)]
    return "".join([*words, *(f"<code>{_text(last)}</code>" for last in rest)])


def _about(view: CheckView) -> list[tuple[object, ...]]:
    group, times = view.group, view.elapsed_seconds
    source = f"line {view.configured_line} of the file" if view.configured_source == "file" else "the default"
    recommended = view.recommendation_reason
    if view.recommended_seconds is not None:
        recommended = f"{view.recommended_seconds} s: {recommended}"
    rows: list[tuple[object, ...]] = [
        ("Host", view.host),
        ("File", view.config_path),
        ("HA group", f"{group.label}, serial {group.serial}, slot {group.slot}" if group else "not found"),
        ("statusTimeout", f"{view.configured_seconds} s ({source})" if view.configured_seconds else "not usable"),
        ("Recommended", recommended),
    ]
    if view.at_least_seconds is not None:
        rows.append(("At least", f"{view.at_least_seconds} s: {view.at_least_reason}"))
    calls = f"{view.calls.completed} completed, {view.calls.exceeded} exceeded, within {view.span_seconds:.0f} s"
    rows += [
        ("Calls", calls),
        ("Return codes", counted(view.return_codes) or "none"),
        ("Date", f"{view.started_at} to {view.finished_at}"),
        ("Library", f"{view.library.path or 'none'} (layout {view.library.layout or 'unknown'})"),
    ]
    if times:
        shown = [("min", times.min), ("median", times.median), ("p95", times.p95), ("max", times.max)]
        rows.append(("Call times", ", ".join(f"{name} {value:.3f} s" for name, value in shown)))
    return rows


def _members(view: CheckView) -> str:
    if not view.members:
        return ""
    rows = [(member.serial, member.verdict, counted(member.statuses)) for member in view.members]
    return "<h2>Members</h2>\n" + _table(["member", "verdict", "statuses"], rows)


def _method(view: CheckView) -> str:
    if view.bound is None:
        return ""
    return (
        f"<p>Question: do more than {100 * view.bound.tolerated:.3g} % of status calls fail although every member is "
        f"alive? Confidence {100 * view.bound.confidence:.6g} %. The calls span {view.span_seconds:.0f} s: what "
        "happens at other times, such as a nightly backup, they do not show.</p>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    titles = f"<tr>{''.join(f'<th>{_text(name)}</th>' for name in head)}</tr>" if head else ""
    body = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{titles}\n{body}</table>"


def _plot(view: CheckView, limit: int) -> str:
    """Draw every call under one limit as a point over its number, with axes; the limit and its head-room as lines."""
    runs = [run for run in view.runs if run.limit_seconds == limit]
    points = _points(runs)
    if not points:
        return ""
    marks = {f"T = {limit} s": float(limit), f"T/1.2 = {limit / HEAD_ROOM:.3g} s": limit / HEAD_ROOM}
    if runs[0].purpose != "main":
        marks = {f"{limit} s": float(limit)}
    slowest = max(point.seconds for point in points)
    # A limit far above all calls would press them flat.
    top = _nice(max(slowest, *marks.values()) if slowest > limit / 4 else slowest) or 1.0
    last = max(1, *(point.call for point in points))
    drawn = "".join(_dot(point, top, last) for point in points)
    lines = "".join(_mark(name, value / top) for name, value in marks.items() if value <= top)
    above = "" if max(marks.values()) <= top else f" The limit, {limit} s, is above the plot."
    title = f"{_PURPOSES[runs[0].purpose]} ({limit} s)"
    return (
        f"<h2>{_text(title)}</h2>\n<p>{len(points)} calls; a filled point is a call that every member answered, a ring "
        f"one that failed.{above}</p>\n"
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + 8} {_TOP + _HEIGHT + _BOTTOM}" role="img" '
        f'aria-label="{_text(title)}: seconds of each call">{_axes(top, last)}{lines}{drawn}</svg>'
    )


def _points(runs: Sequence[RunView]) -> list[_Point]:
    points, number = [], 0
    for run in runs:
        failed = {one.call for one in run.failed}
        for index, seconds in enumerate(run.times):
            number += 1
            if seconds is not None:
                points.append(_Point(number, seconds, index not in failed))
    return points[:: max(1, len(points) // _MAX_POINTS)]


def _place(call: float, seconds: float, top: float, last: int) -> tuple[float, float]:
    return _LEFT + call / (last + 1) * _WIDTH, _TOP + (1 - seconds / top) * _HEIGHT


def _dot(point: _Point, top: float, last: int) -> str:
    x, y = _place(point.call, point.seconds, top, last)
    look = "good" if point.clean else "bad"
    words = "every member answered" if point.clean else "failed"
    title = f"call {point.call}: {point.seconds:.3f} s, {words}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{look}"><title>{title}</title></circle>'


def _mark(name: str, share: float) -> str:
    y = _TOP + (1 - share) * _HEIGHT
    return (
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="limit"/>'
        f'<text x="{_LEFT + _WIDTH}" y="{y - 4:.1f}" text-anchor="end">{_text(name)}</text>'
    )


def _axes(top: float, last: int) -> str:
    bottom, right, middle = _TOP + _HEIGHT, _LEFT + _WIDTH, _TOP + _HEIGHT // 2
    parts = [
        f'<line class="axis" x1="{_LEFT}" x2="{_LEFT}" y1="{_TOP}" y2="{bottom}"/>',
        f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>',
        f'<text x="{(_LEFT + right) / 2:.0f}" y="{bottom + 36}" text-anchor="middle">call</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">seconds</text>',
    ]
    for index in range(_TICKS + 1):
        value = top * index / _TICKS
        y = bottom - index / _TICKS * _HEIGHT
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    for call in sorted({1, *(round(last * index / _TICKS) for index in range(1, _TICKS + 1))} - {0}):
        x, _ = _place(call, 0, top, last)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{call}</text>')
    return "".join(parts)


def _nice(value: float) -> float:
    """Return the next round number above `value`, with a little room."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15) if factor * power >= value * 1.05)
