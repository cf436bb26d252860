"""The result of a check as one HTML page that needs nothing else: no script, no font, no image, no network."""

from __future__ import annotations

import html as html_text
import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.outcomes import HEAD_ROOM
from confkit.core.escape import escape
from confkit.reports.check.text import advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.check.checker import CheckResult
    from confkit.reports.check.models import CheckView

_BARS = 40
_WIDTH, _HEIGHT = 640, 160  # of the histogram, in the units of its viewBox
_GOOD, _FAIR, _BAD = "#1a7f37", "#9a6700", "#cf222e"
_COLOURS = {"sufficient": _GOOD, "tight": _FAIR, "insufficient": _BAD, "member_down": _BAD}

# A page that was sent around runs nothing and loads nothing, whatever a label holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
h1 span { color: #fff; padding: .1rem .6rem; border-radius: .3rem; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
"""


class _Mark(NamedTuple):
    """A line in the histogram: its name, and where it stands in seconds."""

    name: str
    seconds: float


def page(view: CheckView, result: CheckResult) -> str:
    """Return the page: verdict, what was checked, members, call times with T/1.2 and T marked."""
    times = [call.elapsed for run in result.runs[:1] for call in run.calls if call.elapsed is not None]
    limit = view.configured_seconds
    parts = [
        f'<h1><span style="background:{_COLOURS.get(view.verdict, "#57606a")}">{_text(view.verdict)}</span></h1>',
        f"<p>{_text(view.reason)}</p><p><strong>{_text(advice(view))}</strong></p>",
        _table([], _about(view)),
        _members(view),
        _histogram(times, limit) if times and limit is not None else "",
    ]
    title = f"statusTimeout {_text(view.verdict)}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>"
    )


def _text(value: object) -> str:
    """Return a value of the outside as text of the page."""
    return html_text.escape(escape(str(value)))


def _about(view: CheckView) -> list[tuple[object, ...]]:
    group, times = view.group, view.elapsed_seconds
    source = "from the file" if view.configured_source == "file" else "the default"
    recommended = view.recommendation_reason
    if view.recommended_seconds is not None:
        recommended = f"{view.recommended_seconds} s: {recommended}"
    rows: list[tuple[object, ...]] = [
        ("HA group", f"{group.label}, serial {group.serial}, slot {group.slot}" if group else "not found"),
        ("statusTimeout", f"{view.configured_seconds} s ({source})" if view.configured_seconds else "not usable"),
        ("Recommended", recommended),
        ("Calls", f"{view.calls.completed} of {view.calls.planned} completed, {view.calls.exceeded} exceeded"),
        ("Library", f"{view.library.path or 'none'} (layout {view.library.layout or 'unknown'})"),
    ]
    if times:
        shown = ", ".join(f"{name} {value:.3f} s" for name, value in times.model_dump().items())
        rows.append(("Call times", shown))
    return rows


def _members(view: CheckView) -> str:
    if not view.members:
        return ""
    rows = [
        (member.serial, member.verdict, ", ".join(f"{code} {count}x" for code, count in member.statuses.items()))
        for member in view.members
    ]
    return "<h2>Members</h2>\n" + _table(["member", "verdict", "statuses"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    titles = f"<tr>{''.join(f'<th>{_text(name)}</th>' for name in head)}</tr>" if head else ""
    body = "\n".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{titles}\n{body}</table>"


def _histogram(times: Sequence[float], limit: int) -> str:
    """Draw the call times as bars, and the bars at T/1.2 and T as lines."""
    top = max(*times, float(limit)) * 1.05
    counts = [0] * _BARS
    for time in times:
        counts[math.floor(time / top * _BARS)] += 1
    step = _WIDTH / _BARS
    bars = "".join(
        f'<rect x="{index * step:.1f}" y="{_HEIGHT - height:.1f}" width="{step - 1:.1f}" height="{height:.1f}" '
        f'fill="#0969da"><title>{index * top / _BARS:.3g} to {(index + 1) * top / _BARS:.3g} s: {count}</title></rect>'
        for index, count in enumerate(counts)
        if (height := count / max(counts) * (_HEIGHT - 40))
    )
    marks = [_Mark("T/1.2", limit / HEAD_ROOM), _Mark("T", float(limit))]
    lines = "".join(_drawn(mark, mark.seconds / top * _WIDTH, 14 * row) for row, mark in enumerate(marks, 1))
    return (
        f"<h2>Call times in seconds ({len(times)} calls)</h2>\n"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 20}" role="img" aria-label="Histogram of call times">{bars}{lines}'
        f'<text x="0" y="{_HEIGHT + 15}">0</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 15}" text-anchor="end">{top:.3g}</text></svg>'
    )


def _drawn(mark: _Mark, place: float, height: int) -> str:
    return (
        f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{height}" y2="{_HEIGHT}" stroke="{_BAD}" stroke-dasharray="4 3"/>'
        f'<text x="{place - 4:.1f}" y="{height}" text-anchor="end">{mark.name} = {mark.seconds:.3g}</text>'
    )
