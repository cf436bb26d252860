"""Exact bounds on a share, from a number of independent calls: Clopper and Pearson, Biometrika 26 (1934), 404-413.

k of n calls exceeded a bar. The true share p of such calls is below `upper_bound` with the confidence asked for, and
above `lower_bound` with the same confidence, whatever law the call times follow. Everything rests on one function, the
binomial tail; the bounds are found by bisection. Arguments out of range raise ValueError.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


ROUNDING = 1e-9
"""A chance of one in ten is 0.1 however it was reckoned, and is rare enough for a confidence of 0.9."""


def binomial_tail(k: int, n: int, p: float) -> float:
    """Give P(X <= k) for X the number of exceedances among n independent calls with share p, 0 < p < 1."""
    if k >= n:
        return 1.0
    # Of the two tails the one that does not hold the mode is summed: its terms only fall, so the sum can stop early,
    # and a small tail keeps its digits.
    if k <= n * p:
        return _falling_terms(k, n, p, 1 - p)
    return 1.0 - _falling_terms(n - k - 1, n, 1 - p, p)


def _falling_terms(k: int, n: int, p: float, q: float) -> float:
    """Give P(X = k) + P(X = k-1) + ... + P(X = 0), for k at or below the mean n p; q = 1 - p."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    term = math.exp(ways + k * math.log(p) + (n - k) * math.log(q))
    total = term
    while k > 0 and term > total * 1e-17:
        term *= k * q / ((n - k + 1) * p)
        total += term
        k -= 1
    return total


# One verdict asks for the same few bounds again and again, and each takes some sixty binomial tails.
@functools.lru_cache(maxsize=4096)
def upper_bound(k: int, n: int, confidence: float) -> float:
    """Give the exact upper bound on the share after k exceedances in n calls; 1 when there is nothing to tell from."""
    _check(k, n, confidence)
    if k == n:
        return 1.0
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if binomial_tail(k, n, middle) <= 1 - confidence:
            high = middle
        else:
            low = middle
    return high


def lower_bound(k: int, n: int, confidence: float) -> float:
    """Give the exact lower bound on the share after k exceedances in n calls; 0 when there were none."""
    return 1.0 - upper_bound(n - k, n, confidence)


def clean_calls_needed(tolerated: float, confidence: float, k: int = 0) -> int:
    """Give the smallest n for which k exceedances in n calls keep the upper bound at or below `tolerated`."""
    _check(k, k, confidence)
    _check_share("tolerated share", tolerated)
    below = k  # k of k calls: the bound is 1
    enough = k + 1
    while binomial_tail(k, enough, tolerated) > 1 - confidence:
        below, enough = enough, 2 * enough
    window = range(below, enough)
    return below + bisect.bisect_left(window, x=True, key=lambda n: binomial_tail(k, n, tolerated) <= 1 - confidence)


def chance_of_fall(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Give the chance of a fall as large as this one, were the share of failures the same (Fisher's exact test).

    `before` and `after` are (failures, calls). Small: the share has fallen. 1 when either has no calls.
    """
    (failed, calls), (failed_after, calls_after) = before, after
    _check(failed, calls, 0.5)
    _check(failed_after, calls_after, 0.5)
    failures, total = failed + failed_after, calls + calls_after
    ways = _log_choose(total, failures)
    terms = (
        math.exp(_log_choose(calls_after, i) + _log_choose(calls, failures - i) - ways)
        for i in range(max(0, failures - calls), failed_after + 1)
    )
    return min(1.0, math.fsum(terms))


def has_fallen(before: tuple[int, int], after: tuple[int, int], confidence: float) -> bool:
    """Return whether the share of failures has fallen, with this confidence; `before` and `after` as above."""
    return chance_of_fall(before, after) <= (1 - confidence) * (1 + ROUNDING)


def autocorrelation(values: Sequence[float]) -> float | None:
    """Give the lag-1 autocorrelation of `values`, between -1 and 1; None for under three of them, or equal ones.

    Values are finite; differences too small to be squared (under 1e-162) count as none.
    """
    if len(values) < 3 or min(values) == max(values):
        return None
    mean = math.fsum(values) / len(values)
    deviations = [value - mean for value in values]
    squares = math.fsum(a * a for a in deviations)
    return math.fsum(a * b for a, b in itertools.pairwise(deviations)) / squares if squares else None


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _check(k: int, n: int, confidence: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} exceedances among {n} calls")
    _check_share("confidence", confidence)


def _check_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"the {name} is {value}, not between 0 and 1")
