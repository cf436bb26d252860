"""What is true of a group whose members are in known conditions, and which verdicts that allows. Pure."""

from __future__ import annotations

import random
from typing import NamedTuple

# Of a member under a statusTimeout of 3 s: OK, SLOW and TIGHT by its answers, all others are down.
OK, SLOW, TIGHT = "ok", "slow", "tight"
QUICKLY_DOWN = ("paused", "killed", "cut", "refuse", "reset", "removed", "half-open")
LONG_DOWN = ("hang",)  # greets the client and then says nothing: three calls at the ceiling of 60 s

State = tuple[str, ...]
"""The condition of each member."""


class Allowed(NamedTuple):
    """The verdicts on the group, and those on each member, that the truth allows."""

    group: frozenset[str]
    members: tuple[frozenset[str], ...]


def is_down(condition: str) -> bool:
    return condition not in {OK, SLOW, TIGHT}


def verdict(state: State) -> str:
    """Give the verdict on a group that is in `state` during the whole check."""
    if SLOW in state:
        return "insufficient"
    if any(map(is_down, state)):
        return "member_down"
    return "tight" if TIGHT in state else "sufficient"


def allowed(*seen: State) -> Allowed:
    """Give what a check may say that saw the group in these states, one after the other; where all are equal, one answer.

    A member is blamed for nothing but what it was at some time: never slow without having been slow, nor down without
    having been down, and so for the group. What a change leaves open may be left open: inconclusive, or tight, as an
    answer that a change held up takes any time.
    """
    if len(set(seen)) == 1:
        return Allowed(frozenset({verdict(seen[0])}), tuple(frozenset({_member(condition)}) for condition in seen[0]))
    conditions = [set(each) for each in zip(*seen, strict=True)]
    group = {"inconclusive", "tight", *map(verdict, seen)}
    if any(is_down(condition) for each in conditions for condition in each):
        group.add("member_down")
    if any(SLOW in each for each in conditions):
        group.add("insufficient")
    members = (set(map(_member, each)) | _open(each) for each in conditions)
    return Allowed(frozenset(group), tuple(map(frozenset, members)))


def _member(condition: str) -> str:
    if condition == SLOW:
        return "slow"
    return "down" if is_down(condition) else "ok"


def _open(conditions: set[str]) -> set[str]:
    """Give the verdicts besides its own that are right on a member that changed, or whose group did."""
    return {"ok", "unknown"} if SLOW in conditions or any(map(is_down, conditions)) else set()


def drawn(source: random.Random, members: int, conditions: tuple[str, ...]) -> State:
    """Draw a state: in half of them one member is not well, in the rest none, some or all."""
    state = [OK] * members
    for index in source.sample(range(members), source.choice((0, 1, 1, 1, 2, members))):
        state[index] = source.choice(conditions)
    return tuple(state)
