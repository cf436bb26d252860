"""Status calls as plain data: what was called, when, and what came back. Times are seconds on one monotonic clock.

An emulated or a real group, a probe or a simulation: who made the calls does not show here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from confkit.live.client import Slot

Purpose = Literal["main", "ceiling", "head_room"]


@dataclass(frozen=True)
class MemberStatus:
    """What one call reported for one member: its serial number and its status, a CK_RV."""

    serial: str
    status: int


@dataclass(frozen=True)
class Call:
    """One status call.

    `intended` is when the call should have started, `started` when it did, `returned` when it came back (seconds).
    `returned` and `rv` are None for a call that was killed or crashed; `censored` says that it was killed before the
    limit of its run was over. A call that came back is never censored. `age_seconds` is how long ago C_Initialize of
    its process had returned when the call started. `problem` says why there is no list of members, in the words of a
    message, where more is known than the return code.
    """

    intended: float
    started: float
    returned: float | None
    rv: int | None
    members: tuple[MemberStatus, ...]
    censored: bool
    age_seconds: float = 3600.0
    problem: str = ""

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
    """Calls that one process made, one after the other, under one statusTimeout of `limit_seconds`; `planned` at most.

    `purpose`: "main" is at the configured timeout, "ceiling" at 60 s (or the most that the budget allows) to tell slow
    members from those that are down, "head_room" at the configured timeout divided by 1.2. `session`: a public session
    was open on the slot of the HA group.
    """

    limit_seconds: int
    calls: tuple[Call, ...]
    planned: int
    purpose: Purpose = "main"
    session: bool = False


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
    several and no choice. `library_state`: size and time of modification of the library's file, by which it is known
    again, as it was when it was loaded.
    """

    library: str
    run: Run
    layout: str | None = None
    group: FoundGroup | None = None
    failure: ProbeFailure | None = None
    candidates: tuple[Slot, ...] = ()
    library_state: str = ""
