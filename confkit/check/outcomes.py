"""What a single call says about the limit it ran under, and what it leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confkit.live.calls import Call, Run

CKR_OK = 0x00
CKR_DEVICE_ERROR = 0x30
CKR_TOKEN_NOT_PRESENT = 0xE0

GROUP_LOST = frozenset({CKR_DEVICE_ERROR, CKR_TOKEN_NOT_PRESENT})
"""What the call itself returns when the whole group is lost, and CKR_DEVICE_ERROR for every member means it as well
(Thales, engineperf.c in sampaul-thales/luna-openssl-4-pqc@68b0482)."""

HEAD_ROOM = 1.2
"""The vendor words the default of 3 s as fit for perturbations within 20 % of optimal conditions."""

MARGIN = 0.05
"""A call time within 5 % of the limit is "about the limit": waking up and returning take time, too (0.15 s at 3 s)."""


class Reading(NamedTuple):
    """One call, read.

    `failed`: the serials of the members it did not report as CKR_OK, members missing from its list included; all
    members when it gave no list. `answered`: CKR_OK and at least one member. `early`: came back before the limit was
    over, so no failure in it need be due to the limit. `lost`: early, and failed for the whole group. `silent`: gave no
    list and no code that means a lost group, so it says nothing about members. `elapsed`, `duration` as in Call.
    """

    failed: frozenset[str]
    elapsed: float | None
    duration: float | None
    answered: bool
    early: bool
    lost: bool
    silent: bool
    censored: bool

    @property
    def clean(self) -> bool:
        """Every member answered."""
        return self.answered and not self.failed


def serials_of(runs: Iterable[Run]) -> tuple[str, ...]:
    """Give the serials of all members that any call listed, in the order of their first appearance."""
    return tuple(dict.fromkeys(member.serial for run in runs for call in run.calls for member in call.members))


def outcomes(run: Run, serials: Sequence[str]) -> tuple[Reading, ...]:
    """Read every call of `run`, in a group of the members `serials`."""
    everybody = frozenset(serials)
    return tuple(_outcome(call, run.limit_seconds, everybody) for call in run.calls)


def _outcome(call: Call, limit: int, everybody: frozenset[str]) -> Reading:
    # An empty list under CKR_OK is an error (engineperf.c, as above).
    answered = call.rv == CKR_OK and bool(call.members)
    reported = call.members if answered else ()
    failing = {member.serial for member in reported if member.status != CKR_OK}
    listed = {member.serial for member in reported}
    duration = call.duration
    early = duration is not None and duration < (1 - MARGIN) * limit
    whole = all(member.status == CKR_DEVICE_ERROR for member in reported)
    return Reading(
        failed=(everybody - listed) | failing,
        elapsed=call.elapsed,
        duration=duration,
        answered=answered,
        early=early,
        lost=early and whole,
        silent=not answered and call.rv not in GROUP_LOST,
        censored=call.censored,
    )


def late_after(limit: int) -> float:
    """Give the seconds after which a clean call under a limit of `limit` seconds counts as too long."""
    return (1 + MARGIN) * limit


def may_exceed(outcome: Reading, dead: frozenset[str], bar: float) -> bool:
    """Tell whether the call may count against the limit: what it leaves open counts as an exceedance.

    `dead` are the members known to be down: their failures say nothing about any limit. `bar` in seconds is for clean
    calls: where a member failed its status says it, and how long the library then takes to return is no matter.
    """
    unlisted = not outcome.answered and not dead  # also when no call ever listed a member
    return outcome.censored or unlisted or bool(outcome.failed - dead) or _overlong(outcome, bar)


def must_exceed(outcome: Reading, curable: frozenset[str], bar: float) -> bool:
    """Tell whether the call counts against the limit beyond doubt: what it leaves open does not.

    `curable` are the members whose failures a longer limit is shown to cure. `bar` as in `may_exceed`.
    """
    is_cut = not outcome.censored and not outcome.lost and not curable.isdisjoint(outcome.failed)
    return is_cut or _overlong(outcome, bar)


def _overlong(outcome: Reading, bar: float) -> bool:
    return outcome.clean and outcome.elapsed is not None and outcome.elapsed > bar


def informative(run: Sequence[Reading], limit: int) -> bool:
    """Tell whether call times say something about members: not when clean calls take about the limit.

    The documentation supports results as soon as every member is decided and results only once the time is over. In
    the second case half of the clean calls or more take about the limit, whatever the members do.
    """
    durations = sorted(outcome.duration for outcome in run if outcome.clean and outcome.duration is not None)
    if not durations:
        return False
    median = durations[len(durations) // 2]
    return not (1 - MARGIN) * limit <= median <= (1 + MARGIN) * limit
