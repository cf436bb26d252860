"""Status calls as plain data: what was called, when, and what came back. Times are seconds on one monotonic clock.

An emulated or a real group, a probe or a simulation: who made the calls does not show here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confkit.live.client import Slot


@dataclass(frozen=True)
class MemberStatus:
    """What one call reported for one member: its serial number and its status, a CK_RV."""

    serial: str
    status: int


@dataclass(frozen=True)
class Call:
    """One status call.

    `intended` is when the call should have started, `started` when it did, `returned` when it came back (seconds).
    `returned` and `rv` are None for a call that was killed; `censored` says that it was killed before the limit of its
    run was over. A call that came back is never censored.
    """

    intended: float
    started: float
    returned: float | None
    rv: int | None
    members: tuple[MemberStatus, ...]
    censored: bool

    @property
    def elapsed(self) -> float | None:
        """Seconds from the intended start: a call that a slow one before it held up has waited, too."""
        return None if self.returned is None else self.returned - self.intended

    @property
    def duration(self) -> float | None:
        """Seconds that the library held the call: what its own limit is about."""
        return None if self.returned is None else self.returned - self.started


@dataclass(frozen=True)
class Run:
    """Calls made one after the other, in this order, under one statusTimeout of `limit_seconds`; `planned` of them.

    `resumed_at` is the index of the first call that was made after a run under another limit had come in between; None
    where none had. The calls may end before it: going on was planned and came to nothing.
    """

    limit_seconds: int
    calls: tuple[Call, ...]
    planned: int
    resumed_at: int | None = None


@dataclass(frozen=True)
class FoundGroup:
    """The HA group that was found: label, serial number (each empty if the library gives none), last slot number."""

    label: str
    serial: str
    slot: int


@dataclass(frozen=True)
class ProbeFailure:
    """Why the probe ended early.

    `stage` is what the library was at: "starting", "loading", "initialising", "finding slot", "call 7" or "finalising".
    `message` says what happened and what to do. After a failure at "finalising" the run is whole all the same.
    """

    stage: str
    message: str


@dataclass(frozen=True)
class ProbeResult:
    """What came of a probe.

    `run` holds the calls that were made, perhaps fewer than planned. `layout` is the name of the structure layout that
    the library writes, `group` the group that was found, each None when the probe did not get so far. `failure` is None
    when it ended as planned or when the budget was spent. `candidates`: the HA groups to choose from, when there were
    several and no choice.
    """

    library: str
    run: Run
    layout: str | None = None
    group: FoundGroup | None = None
    failure: ProbeFailure | None = None
    candidates: tuple[Slot, ...] = ()
