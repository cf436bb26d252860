"""Calls and runs for the tests of the verdict, in the few words that such a test needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.check.evidence import head_room_limit
from confkit.live.calls import Call, MemberStatus, Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confkit.live.calls import Purpose

A, B, C = "154438865287", "154438865288", "154438865289"
GROUP = (A, B, C)
TIMEOUT = 0x80000024  # RC_TIMEOUT, one of Luna's codes
DEVICE_ERROR = 0x30
TOKEN_NOT_PRESENT = 0xE0
NOT_SUPPORTED = 0x54


class Made(NamedTuple):
    """A call as it went; its place on the clock comes later."""

    duration: float | None
    rv: int | None
    statuses: Mapping[str, int]
    censored: bool = False
    delay: float = 0.0


def clean(duration: float = 0.02, group: Sequence[str] = GROUP) -> Made:
    return Made(duration, 0, dict.fromkeys(group, 0))


def failing(*serials: str, duration: float = 3.0, status: int = TIMEOUT, group: Sequence[str] = GROUP) -> Made:
    return Made(duration, 0, {serial: status if serial in serials else 0 for serial in group})


def without_list(rv: int, duration: float = 0.02) -> Made:
    return Made(duration, rv, {})


def hung() -> Made:
    return Made(None, None, {})


def cut_off() -> Made:
    return Made(None, None, {}, censored=True)


def delayed(delay: float) -> Made:
    return clean()._replace(delay=delay)


def spread(total: int, *bad: Made, good: Made | None = None) -> list[Made]:
    """Give `total` calls, the bad ones spread evenly among good ones: no dependence to be found."""
    made = [good or clean()] * total
    for i, one in enumerate(bad):
        made[i * total // len(bad)] = one
    return made


def run(
    limit: int, made: Sequence[Made], planned: int | None = None, purpose: Purpose = "main", ages: Sequence[float] = ()
) -> Run:
    clock, calls = 1000.0, []
    for index, one in enumerate(made):
        started = clock + one.delay
        returned = None if one.duration is None else started + one.duration
        members = tuple(MemberStatus(serial, status) for serial, status in one.statuses.items())
        age = ages[index] if index < len(ages) else 3600.0
        calls.append(Call(clock, started, returned, one.rv, members, one.censored, age))
        clock = (started + limit if returned is None else returned) + 0.125
    return Run(limit, tuple(calls), len(calls) if planned is None else planned, purpose)


def runs(
    limit: int,
    main: Sequence[Made],
    ceiling: Sequence[Made] | None = None,
    again: Sequence[Made] | None = None,
    head_room: Sequence[Made] | None = None,
) -> list[Run]:
    """Return the runs of a check, in their order: at `limit`, at 60 s, at `limit` again, at the shorter limit."""
    made = [run(limit, main)]
    if ceiling is not None:
        made.append(run(60, ceiling, purpose="ceiling"))
    if again is not None:
        made.append(run(limit, again))
    if head_room is not None:
        made.append(run(head_room_limit(limit) or 0, head_room, purpose="head_room"))
    return made
