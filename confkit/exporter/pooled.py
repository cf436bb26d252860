"""Evidence from the rounds: one call of each round counts for or against statusTimeout, over days. Pure functions.

The last call of a round is chosen beforehand: the first one follows C_Initialize directly, and calls of one round
depend on each other, while those of rounds a minute apart hardly do. A call in which only members fail that the last
check found to be down, or in which the whole group is lost, says nothing about the timeout and is not counted. One in
which a member fails that no check has explained yet waits for the next check.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from confkit.check.readings import CKR_OK
from confkit.check.sequential import decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confkit.exporter.rounds import Round
    from confkit.live.calls import Call

MAX_CALLS = 3200
"""Calls that are kept, more than two days of them; then counting starts again, for the test needs whole sequences."""

PooledVerdict = Literal["sufficient", "insufficient", "open"]
Outcome = Literal["good", "exceeded", "unexplained", "not counted"]


@dataclass(frozen=True)
class PooledQuestion:
    """What the evidence is about: calls count together only if all of this is equal.

    `content` is SHA-256 of the configuration file.
    """

    host: str
    content: str
    library: str
    group: str
    seconds: int
    tolerated: float
    confidence: float


@dataclass(frozen=True)
class Pooled:
    """Calls that count, in their order: True for one that exceeded the timeout. Times are seconds since 1970.

    `unexplained` calls wait for the next check.
    """

    question: PooledQuestion | None = None
    flags: tuple[bool, ...] = ()
    unexplained: int = 0
    began: float | None = None
    ended: float | None = None

    @property
    def exceeded(self) -> int:
        """How many of the calls exceeded the timeout."""
        return sum(self.flags)


def after_round(pooled: Pooled, question: PooledQuestion, made: Round, judged: Mapping[str, str], now: float) -> Pooled:
    """Return the evidence with that of a round; a round that failed says nothing."""
    if made.failure is not None or not made.calls:
        return pooled
    if question != pooled.question or len(pooled.flags) >= MAX_CALLS:
        pooled = Pooled(question)
    outcome = outcome_of(made.calls[-1], question.seconds, judged)
    if outcome == "not counted":
        return pooled
    pooled = replace(pooled, began=now if pooled.began is None else pooled.began, ended=now)
    if outcome == "unexplained":
        return replace(pooled, unexplained=pooled.unexplained + 1)
    return replace(pooled, flags=(*pooled.flags, outcome == "exceeded"))


def after_check(pooled: Pooled, judged: Mapping[str, str]) -> Pooled:
    """Return the evidence after a check has judged the failing members: calls that waited count unless all are down."""
    explained = bool(judged) and all(word == "down" for word in judged.values())
    late = () if explained else (True,) * pooled.unexplained
    return replace(pooled, flags=(*pooled.flags, *late), unexplained=0)


def verdict_of(pooled: Pooled) -> PooledVerdict | None:
    """Return what the calls prove at the confidence that was asked for; None where there is nothing yet.

    The boundaries are sequential: looking after every round costs nothing, and the first one that is touched decides.
    """
    if pooled.question is None:
        return None
    made = decide(pooled.flags, pooled.question.tolerated, pooled.question.confidence)
    never = len(pooled.flags) + 1
    proven, refuted = made.proven_after or never, made.refuted_after or never
    if min(proven, refuted) == never:
        return "open"
    return "sufficient" if proven < refuted else "insufficient"


def outcome_of(call: Call, seconds: int, judged: Mapping[str, str]) -> Outcome:
    """Return what a call says about a timeout of `seconds`; `judged` is what the last check said of failing members."""
    if call.censored:
        return "not counted"
    if call.rv is None:
        return "unexplained"
    failing = {member.serial for member in call.members if member.status != CKR_OK}
    if call.members and len(failing) == len(call.members):
        return "not counted"  # the group is lost
    suspects = {serial for serial in failing if judged.get(serial) != "down"}
    if any(serial not in judged for serial in suspects):
        return "unexplained"
    if suspects or call.rv != CKR_OK:
        return "exceeded"
    late = not failing and call.duration is not None and call.duration > seconds
    return "exceeded" if late else "good"
