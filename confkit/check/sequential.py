"""When enough calls were made: boundaries that may be looked at after every call, exact at both errors.

Calls are made one after the other; k of the first n exceeded the limit. Two lines in the plane of (n, k) decide:

    proven    k is at or below `proven_at(n)`:  at most the tolerated share p0 of calls exceeds
    refuted   k is at or above `refuted_at(n)`: more than p0 does

Each line is placed so that a group whose true share is exactly p0 *ever* touches it with a chance of at most 1-c,
however long it is watched. A larger share touches the first line less often, a smaller one the second, so 1-c bounds
both errors: `proven` although more than p0 exceed, `refuted` although no more than p0 do. Nothing is asymptotic: the
chances come from dynamic programming over (n, k) with binomial steps, and the boundaries spend them as they go ("error
spending"):

    proven    70 % of 1-c go to the first look, after which a group without any exceedance passes; the rest is split
              over 1, 2, 3 ... exceedances like 1/(k(k+1)), so that there is always something left
    refuted   the share sqrt(n / (n + N)) of 1-c may be spent by call n, N = the default maximum of calls: early enough
              that a group that always fails is refuted by the third call, and never all of it

Further calls therefore continue the evidence; looking often, stopping and going on costs nothing.

A plan with fewer calls than the default maximum spends everything within them (one first look where there is no room
for more), because there is nothing to be kept for later.
"""

from __future__ import annotations

import bisect
import functools
import math
from typing import TYPE_CHECKING, NamedTuple

from confkit.check.bounds import clean_calls_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIRST_LOOK = 0.7
"""The part of the error of `proven` that a group without any exceedance may use."""

NEVER = -1
"""No number of exceedances is few enough after so many calls."""


class Boundaries(NamedTuple):
    """Both lines; index n - 1 is after n calls. `proven_at` may be NEVER, `refuted_at` may be greater than n."""

    proven_at: tuple[int, ...]
    refuted_at: tuple[int, ...]


def default_maximum(tolerated: float, confidence: float) -> int:
    """Return how many calls a plan makes at most: 400 for 5 % and 95 %."""
    return math.ceil(20 / tolerated * math.log(1 - confidence) / math.log(0.05) - 1e-9)


def fewest_calls(tolerated: float, confidence: float, horizon: int | None = None) -> int:
    """Return after how many calls without any exceedance a group passes: 66 for 5 % and 95 %."""
    error = 1 - confidence
    first = _clean_calls(tolerated, FIRST_LOOK * error)
    if horizon is not None and horizon < first:
        return _clean_calls(tolerated, error)
    return first


def _clean_calls(tolerated: float, error: float) -> int:
    return clean_calls_needed(tolerated, 1 - error)


@functools.lru_cache(maxsize=32)
def boundaries(tolerated: float, confidence: float, calls: int, horizon: int | None = None) -> Boundaries:
    """Return both lines for the first `calls` calls.

    `horizon` is the number of calls by which all may be spent; None where there is always more to come.
    """
    return Boundaries(
        tuple(_proven(tolerated, 1 - confidence, calls, horizon)),
        tuple(_refuted(tolerated, 1 - confidence, calls, horizon)),
    )


def _proven(p: float, error: float, calls: int, horizon: int | None) -> list[int]:
    """Walk through the calls: `row[i]` is the chance of `lowest + i` exceedances so far, none of it accepted yet."""
    single = horizon is not None and horizon < _clean_calls(p, FIRST_LOOK * error)
    allowed = error if single else FIRST_LOOK * error
    lowest, row, line = 0, [1.0], []
    slack = 0.0
    # Whoever has more exceedances than this cannot touch the line within so many calls: it stays below n p.
    most = math.ceil(p * calls) + 1
    for _ in range(calls):
        row = _step(row, p)[: most - lowest + 1]
        if row and row[0] <= allowed + slack:
            slack = allowed + slack - row[0]
            row = row[1:]
            lowest += 1
            allowed = 0.0 if single else (1 - FIRST_LOOK) * error / (lowest * (lowest + 1))
            slack = 0.0 if single else slack
        line.append(lowest - 1 if lowest else NEVER)
    return line


def _refuted(p: float, error: float, calls: int, horizon: int | None) -> list[int]:
    """Walk through the calls: `row[k]` is the chance of k exceedances so far, none of it rejected yet."""
    scale = default_maximum(p, 1 - error)
    row, spent, line = [1.0], 0.0, []
    for n in range(1, calls + 1):
        row = _step(row, p)
        budget = error * math.sqrt(n / (n + scale) if horizon is None else min(1.0, n / horizon))
        tail = 0.0
        while row and spent + tail + row[-1] <= budget:
            tail += row.pop()
        spent += tail
        line.append(len(row))
    return line


def _step(row: Sequence[float], p: float) -> list[float]:
    """Return the chances after one more call."""
    if not row:
        return []
    q = 1 - p
    return [row[0] * q, *(a * q + b * p for a, b in zip(row[1:], row, strict=False)), row[-1] * p]


class Decision(NamedTuple):
    """How many calls were looked at, how many of them exceeded, and after which call a line was touched."""

    calls: int
    exceeded: int
    proven_after: int | None
    refuted_after: int | None


def decide(flags: Sequence[bool], tolerated: float, confidence: float, horizon: int | None = None) -> Decision:
    """Look after every call; True in `flags` is an exceedance."""
    lines = boundaries(tolerated, confidence, _rounded_up(len(flags), tolerated, confidence, horizon), horizon)
    k = 0
    proven = refuted = None
    for n, (flag, low, high) in enumerate(zip(flags, lines.proven_at, lines.refuted_at, strict=False), 1):
        k += flag
        if proven is None and k <= low:
            proven = n
        if refuted is None and k >= high:
            refuted = n
    return Decision(len(flags), k, proven, refuted)


def calls_missing(made: Decision, tolerated: float, confidence: float, horizon: int | None = None) -> int | None:
    """Return how many further calls without an exceedance would prove it; None where four default maxima do not do."""
    if made.proven_after is not None:
        return 0
    length = horizon or 4 * default_maximum(tolerated, confidence)
    line = boundaries(tolerated, confidence, length, horizon).proven_at
    enough = bisect.bisect_left(line, made.exceeded, lo=min(made.calls, length))
    return enough + 1 - made.calls if enough < length else None


def _rounded_up(calls: int, tolerated: float, confidence: float, horizon: int | None) -> int:
    """Return a length for the lines that serves many looks: the default maximum, doubled until it suffices."""
    if horizon is not None:
        return max(horizon, calls)
    length = default_maximum(tolerated, confidence)
    while length < calls:
        length *= 2
    return length


class ShareBounds(NamedTuple):
    """Bounds on the true share of exceedances, each exact at the confidence, whenever the calls were ended."""

    lower: float
    upper: float


@functools.lru_cache(maxsize=256)
def share_bounds(made: Decision, tolerated: float, confidence: float, horizon: int | None = None) -> ShareBounds:
    """Return the bounds that go with the boundaries: `upper` is at most `tolerated` just where the lines say "proven".

    Outcomes are ordered by when a line was touched (stage-wise ordering; Jennison and Turnbull, Group Sequential
    Methods with Applications to Clinical Trials, 2000, 8.4): the earlier `proven`, the smaller the share.
    """
    if not made.calls:
        return ShareBounds(0.0, 1.0)
    lines = boundaries(tolerated, confidence, _rounded_up(made.calls, tolerated, confidence, horizon), horizon)
    error = 1 - confidence
    until = made.proven_after or made.calls
    upper = _bisect(
        lambda p: _as_few(p, lines.proven_at[:until], None if made.proven_after else made.exceeded) <= error
    )
    until = made.refuted_after or made.calls
    lower = _bisect(
        lambda p: _as_many(p, lines.refuted_at[:until], None if made.refuted_after else made.exceeded) > error
    )
    # The lines do not spend at every look, so just before one a bound may be on its far side already.
    upper = min(upper, tolerated) if made.proven_after else max(upper, tolerated)
    lower = max(lower, tolerated) if made.refuted_after else min(lower, tolerated)
    return ShareBounds(lower if made.exceeded else 0.0, upper if made.exceeded < made.calls else 1.0)


def _bisect(is_above: Callable[[float], bool]) -> float:
    """Return where `is_above`, false for small shares and true for large ones, changes."""
    low, high = 0.0, 1.0
    for _ in range(22):
        middle = (low + high) / 2
        if is_above(middle):
            high = middle
        else:
            low = middle
    return high


def _as_few(p: float, line: Sequence[int], exceeded: int | None) -> float:
    """Return the chance that the line of `proven` is touched, or that no more than `exceeded` are there in the end."""
    lowest, row, touched = 0, [1.0], 0.0
    most = max(line[-1], -1 if exceeded is None else exceeded)
    for at in line:
        row = _step(row, p)[: most - lowest + 1]
        while row and lowest <= at:
            touched += row.pop(0)
            lowest += 1
    return touched if exceeded is None else touched + sum(row)


def _as_many(p: float, line: Sequence[int], exceeded: int | None) -> float:
    """Return the chance that the line of `refuted` is touched, or that `exceeded` or more are there in the end."""
    row, touched = [1.0], 0.0
    for at in line:
        row = _step(row, p)
        touched += sum(row[at:])
        del row[at:]
    return touched if exceeded is None else touched + sum(row[exceeded:])
