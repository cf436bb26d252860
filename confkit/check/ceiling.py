"""What the ceiling run (60 s) proves: that its limit was in force, and which members are down under it.

A failed call at 60 s can mean three things, and its duration tells them apart:

    about 60 s       the library waited as long as it was told to: 60 s were in force, and did not suffice
    under a second   it did not wait at all: it knows the member to be unreachable
    anything else    it was cut by another limit: another file is in force, or the library has a cap of its own. Nobody
                     is called down on account of such a call
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from confkit.check.readings import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.check.readings import Reading

LOOKS = 4
"""A member is down when this many calls in a row found it so, the whole ceiling run and one call after it included."""

AT_ONCE_LOOKS = 2
"""Calls at the ceiling that failed at once, more than SETTLING_SECONDS after C_Initialize, that make a member down."""


class CeilingRun(NamedTuple):
    """The calls of all ceiling runs that say something about members, and the limit of the shortest.

    `suspects` are the members that failed at the configured timeout, `configured` seconds.
    """

    limit: int
    telling: tuple[Reading, ...]
    configured: int
    suspects: frozenset[str]

    def in_force(self, reading: Reading) -> bool:
        """Return whether a call lasted as long as its limit."""
        return reading.duration is not None and reading.duration >= (1 - MARGIN) * self.limit

    def waited_for_another(self, reading: Reading) -> bool:
        """Return whether the call lasted as long as it did because a slow member answered in it."""
        is_long = reading.duration is not None and reading.duration >= (1 + MARGIN) * self.configured
        return is_long and not self.suspects <= reading.unreachable

    @property
    def cut_after(self) -> float | None:
        """Seconds after which the library cut calls instead of at the limit; None where the limit was in force."""
        failing = [
            reading
            for reading in self.telling
            if reading.failed and not reading.at_once and not self.waited_for_another(reading)
        ]
        cut = sorted(one.duration for one in failing if one.duration is not None and not self.in_force(one))
        return cut[len(cut) // 2] if cut and len(cut) == len(failing) else None


def ceiling_run(limit: int, calls: Iterable[Reading], configured: int, main: Iterable[Reading]) -> CeilingRun:
    """Return the calls at the ceiling that tell something about members, beside those at the configured timeout."""
    telling = tuple(one for one in calls if one.counted and not one.silent and not one.censored)
    return CeilingRun(limit, telling, configured, frozenset(serial for one in main for serial in one.failed))


def seems_dead(serial: str, ceiling: CeilingRun) -> bool:
    """Return whether the member failed in every ceiling call, and they prove something."""
    if not ceiling.telling or any(serial not in reading.unreachable for reading in ceiling.telling):
        return False
    at_once = sum(reading.at_once or ceiling.waited_for_another(reading) for reading in ceiling.telling)
    return any(map(ceiling.in_force, ceiling.telling)) or at_once >= AT_ONCE_LOOKS


def is_dead(serial: str, before: Sequence[Reading], ceiling: CeilingRun, after: Sequence[Reading]) -> bool:
    """Return whether the member is down: at the ceiling, in the calls just before, and in those after it.

    Where the configured timeout is 60 s already the main run is the ceiling run, and `before` and `after` are empty.
    """
    if not seems_dead(serial, ceiling):
        return False
    later = [reading for reading in after if not (reading.silent or reading.censored)]
    if any(serial not in reading.unreachable for reading in later):
        return False
    looks = len(ceiling.telling) + len(later) + _in_a_row(serial, reversed(before))
    if not before and not after:
        return looks >= AT_ONCE_LOOKS
    return looks >= LOOKS and len(ceiling.telling) + len(later) > 1


def _in_a_row(serial: str, backwards: Iterable[Reading]) -> int:
    looks = 0
    for reading in backwards:
        if reading.silent or reading.censored:
            continue
        if serial not in reading.unreachable:
            break
        looks += 1
    return looks
