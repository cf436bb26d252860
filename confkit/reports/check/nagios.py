"""A check result by the conventions of Nagios and Icinga plug-ins: one line, performance data behind a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confkit.check.readings import HEAD_ROOM
from confkit.check.wording import counted
from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.check.results import Verdict
    from confkit.reports.check.models import CheckView

# https://www.monitoring-plugins.org/doc/guidelines.html: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN
STATES: Mapping[Verdict, int] = {
    "sufficient": 0,
    "tight": 1,
    "insufficient": 2,
    "member_down": 2,
    "inconclusive": 3,
    "unavailable": 3,
}
UNKNOWN = 3
_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


def line(view: CheckView) -> str:
    """Return the plug-in's line."""
    state = _WORDS[STATES[view.verdict]]
    codes = f" Return codes: {counted(view.return_codes)}." if view.return_codes else ""
    message = escape(f"LUNA HA {state} - {view.verdict}: {view.reason}{codes}").replace("|", "/")
    data = _performance(view)
    return f"{message} | {data}" if data else message


def unknown(message: str) -> str:
    """Return the plug-in's line for a check that could not begin."""
    return escape(f"LUNA HA UNKNOWN - {message}").replace("|", "/")


def _performance(view: CheckView) -> str:
    """Return 'label'=value[UOM];warn;crit;min;max in base units, without scientific notation."""
    values = []
    if view.elapsed_seconds and view.configured_seconds:
        bars = f"{view.configured_seconds / HEAD_ROOM:.3f};{view.configured_seconds:.3f};0;"
        values = [f"'{name}'={value:.6f}s;{bars}" for name, value in vars(view.elapsed_seconds).items()]
    if view.configured_seconds:
        values.append(f"'timeout'={view.configured_seconds}s;;;3;60")
    if view.members:
        down = sum(member.verdict != "ok" for member in view.members)
        values.append(f"'members_not_ok'={down};;;0;{len(view.members)}")
    if view.bound:
        values.append(f"'exceeding'={100 * view.bound.upper:.4f}%;;{100 * view.bound.tolerated:.4f};0;100")
    return " ".join(values)
