"""What a single call says about the limit it ran under, and what it leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.live.calls import Call, MemberStatus, Run

CKR_OK = 0x00
CKR_DEVICE_ERROR = 0x30
CKR_TOKEN_NOT_PRESENT = 0xE0

GROUP_LOST = frozenset({CKR_DEVICE_ERROR, CKR_TOKEN_NOT_PRESENT})
"""What the call itself returns when the whole group is lost; CKR_DEVICE_ERROR for every member, and an empty list, mean
it as well (Thales, engineperf.c in sampaul-thales/luna-openssl-4-pqc@68b0482)."""

HEAD_ROOM = 1.2
"""confkit's own reading of the vendor's words that the default of 3 s fits within 20 % of optimal conditions."""

MARGIN = 0.05
"""A call time within 5 % of the limit is "about the limit": waking up and returning take time, too (0.15 s at 3 s)."""

AT_ONCE_SECONDS = 1.0
"""A failed call that came back sooner was not waiting for a member: the library knew it to be unreachable."""

SETTLING_SECONDS = 5.0
"""So long after C_Initialize members may still be connecting."""

WHOLE_GROUP = ""
"""Stands for all members where no call ever listed one and the file names none."""


class Reading(NamedTuple):
    """One call, read.

    `failed`: the members it did not report as CKR_OK, those missing from its list included; all when it gave no list.
    `unreachable`: those of them of which it lists no entry as CKR_OK (a serial number may be listed twice).
    `answered`: CKR_OK and at least one member. `early`: came back before the limit was over, so no failure in it need
    be due to the limit. `at_once`: failed, and so early that no member was waited for. `lost`: early, and failed for
    the whole group. `silent`: gave no list and no code that means a lost group, so it says nothing about members.
    `counted`: False for a call made while members may still have been connecting (see `readings`). `elapsed` and
    `duration` as in Call.
    """

    failed: frozenset[str]
    unreachable: frozenset[str]
    elapsed: float | None
    duration: float | None
    answered: bool
    early: bool
    at_once: bool
    lost: bool
    silent: bool
    censored: bool
    counted: bool

    @property
    def clean(self) -> bool:
        """Every member answered."""
        return self.answered and not self.failed


def same_serial(serial: str) -> str:
    """Return a serial number in the form in which two spellings of it are equal: without leading zeros."""
    return serial.lstrip("0") or serial


def listed_serials(runs: Iterable[Run]) -> dict[str, str]:
    """Return the members that any call listed, in the order of their first appearance: number -> as it was spelled."""
    found: dict[str, str] = {}
    for run in runs:
        for call in run.calls:
            for member in call.members:
                found.setdefault(same_serial(member.serial), member.serial)
    return found


def readings(run: Run, serials: Iterable[str]) -> tuple[Reading, ...]:
    """Read every call of `run`, in a group of the members `serials`.

    Where the first call of a process failed at once, members may still be connecting: it counts, and the calls after it
    count only from SETTLING_SECONDS after C_Initialize on. What is left out is decided by the clock alone, so the calls
    that count stay as independent as they were.
    """
    everybody = frozenset(serials)
    read = [_reading(call, run.limit_seconds, everybody) for call in run.calls]
    if not read or not read[0].at_once:
        return tuple(read)
    ages = [call.age_seconds for call in run.calls]
    return (
        read[0],
        *(one._replace(counted=age >= SETTLING_SECONDS) for one, age in zip(read[1:], ages[1:], strict=True)),
    )


def _reading(call: Call, limit: int, everybody: frozenset[str]) -> Reading:
    answered = call.rv == CKR_OK and bool(call.members)
    reported: Sequence[MemberStatus] = call.members if answered else ()
    failing = {same_serial(member.serial) for member in reported if member.status != CKR_OK}
    living = {same_serial(member.serial) for member in reported if member.status == CKR_OK}
    failed = (everybody - living) | failing
    duration = call.duration
    early = duration is not None and duration < (1 - MARGIN) * limit
    whole = not living and all(member.status == CKR_DEVICE_ERROR for member in reported)
    empty = call.rv == CKR_OK and not call.members and not call.problem
    silent = not answered and not empty and call.rv not in GROUP_LOST
    return Reading(
        failed=failed,
        unreachable=everybody - living,
        elapsed=call.elapsed,
        duration=duration,
        answered=answered,
        early=early,
        at_once=duration is not None and bool(failed) and not silent and duration < min(AT_ONCE_SECONDS, limit / 3),
        lost=early and whole,
        silent=silent,
        censored=call.censored,
        counted=True,
    )


def late_after(limit: int) -> float:
    """Return the seconds after which a clean call under a limit of `limit` seconds counts as too long."""
    return (1 + MARGIN) * limit


def may_exceed(reading: Reading, dead: frozenset[str], bar: float) -> bool:
    """Return whether the call may count against the limit: what it leaves open counts as an exceedance.

    `dead` are the members known to be down: their failures say nothing about any limit. `bar` in seconds is for clean
    calls: where a member failed its status says it, and how long the library then takes to return does not matter.
    """
    unlisted = not reading.answered and not dead  # also when no call ever listed a member
    return reading.censored or unlisted or bool(reading.failed - dead) or _overlong(reading, bar)


def must_exceed(reading: Reading, curable: frozenset[str], bar: float) -> bool:
    """Return whether the call counts against the limit beyond doubt: what it leaves open does not.

    `curable` are the members whose failures a longer limit is shown to cure. `bar` as in `may_exceed`.
    """
    is_cut = not reading.censored and not reading.lost and not curable.isdisjoint(reading.failed)
    return is_cut or _overlong(reading, bar)


def _overlong(reading: Reading, bar: float) -> bool:
    return reading.clean and reading.elapsed is not None and reading.elapsed > bar


def informative(run: Sequence[Reading], limit: int) -> bool:
    """Return whether call times say something about members: not when clean calls take about the limit.

    The documentation supports results as soon as every member is decided and results only once the time is over. In
    the second case half of the clean calls or more take about the limit, whatever the members do.
    """
    durations = sorted(reading.duration for reading in run if reading.clean and reading.duration is not None)
    if not durations:
        return False
    median = durations[len(durations) // 2]
    return not (1 - MARGIN) * limit <= median <= (1 + MARGIN) * limit
