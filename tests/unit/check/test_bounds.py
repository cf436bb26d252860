"""The exact bounds, against scipy and against the published tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from confkit.check.bounds import (
    autocorrelation,
    binomial_tail,
    chance_of_fall,
    clean_calls_needed,
    has_fallen,
    lower_bound,
    upper_bound,
)
from confkit.check.dependence import dependence, phases, varying

shares = st.floats(min_value=1e-4, max_value=0.999)
confidences = st.floats(min_value=0.5, max_value=0.9999)
counts = st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 59, 93, 299, 1000, 5000, 62956])
@pytest.mark.parametrize("p", [1e-9, 1e-4, 0.01, 0.05, 0.3, 0.5, 0.9, 0.9999])
def test_the_binomial_tail_is_scipys(n: int, p: float) -> None:
    for k in sorted({0, 1, n // 100, n // 20, n // 2, n - 1}):
        assert binomial_tail(k, n, p) == pytest.approx(float(stats.binom.cdf(k, n, p)), rel=1e-8, abs=1e-12)
    assert binomial_tail(n, n, p) == 1


def test_a_small_tail_keeps_its_digits() -> None:
    assert binomial_tail(3, 2000, 0.05) == pytest.approx(float(stats.binom.cdf(3, 2000, 0.05)), rel=1e-9)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99, 0.999999])
@pytest.mark.parametrize("n", [1, 2, 7, 59, 300, 2995])
def test_bounds_are_scipys_on_a_grid(n: int, confidence: float) -> None:
    for k in sorted({0, 1, 2, n // 10, n // 2, n - 1, n} & set(range(n + 1))):
        high = 1.0 if k == n else float(stats.beta.ppf(confidence, k + 1, n - k))
        low = 0.0 if k == 0 else float(stats.beta.ppf(1 - confidence, k, n - k + 1))
        assert upper_bound(k, n, confidence) == pytest.approx(high, rel=1e-8)
        assert lower_bound(k, n, confidence) == pytest.approx(low, rel=1e-8, abs=1e-15)


@given(counts, confidences)
def test_bounds_are_scipys(count: tuple[int, int], confidence: float) -> None:
    k, n = count
    high = 1.0 if k == n else float(stats.beta.ppf(confidence, k + 1, n - k))
    low = 0.0 if k == 0 else float(stats.beta.ppf(1 - confidence, k, n - k + 1))
    assert upper_bound(k, n, confidence) == pytest.approx(high, rel=1e-7)
    assert lower_bound(k, n, confidence) == pytest.approx(low, rel=1e-7, abs=1e-15)


@given(counts, confidences)
def test_bounds_grow_with_exceedances_and_hold_the_observed_share(count: tuple[int, int], confidence: float) -> None:
    k, n = count
    assert 0 <= lower_bound(k, n, confidence) <= k / n <= upper_bound(k, n, confidence) <= 1
    if k < n:
        assert upper_bound(k, n, confidence) <= upper_bound(k + 1, n, confidence)
        assert lower_bound(k, n, confidence) <= lower_bound(k + 1, n, confidence)


@given(counts, confidences)
def test_a_clean_call_lowers_the_bound_and_confidence_widens_it(count: tuple[int, int], confidence: float) -> None:
    k, n = count
    assert upper_bound(k, n + 1, confidence) <= upper_bound(k, n, confidence)
    wider = (1 + confidence) / 2
    assert upper_bound(k, n, wider) >= upper_bound(k, n, confidence)
    assert lower_bound(k, n, wider) <= lower_bound(k, n, confidence)


@given(st.integers(1, 10**6), confidences)
def test_without_exceedances_the_bound_has_a_closed_form(n: int, confidence: float) -> None:
    expected = -math.expm1(math.log(1 - confidence) / n)
    assert upper_bound(0, n, confidence) == pytest.approx(expected, rel=1e-8)


def test_no_calls_tell_nothing() -> None:
    assert (lower_bound(0, 0, 0.95), upper_bound(0, 0, 0.95)) == (0, 1)


TABLE = {
    (0.95, 0.05): (59, 93, 124),
    (0.95, 0.01): (299, 473, 628),
    (0.95, 1e-3): (2995, 4742, 6294),
    (0.95, 1e-4): (29956, 47437, 62956),
    (0.99, 0.05): (90, 130, 165),
    (0.99, 0.01): (459, 662, 838),
    (0.99, 1e-3): (4603, 6636, 8403),
}


@pytest.mark.parametrize(("question", "needed"), TABLE.items())
def test_the_published_numbers_of_clean_calls(question: tuple[float, float], needed: tuple[int, int, int]) -> None:
    confidence, tolerated = question
    for k, n in enumerate(needed):
        assert clean_calls_needed(tolerated, confidence, k) == n


def test_with_no_exceedance_the_bound_is_about_three_over_n() -> None:
    assert upper_bound(0, 300, 0.95) == pytest.approx(3 / 300, rel=0.01)


@given(st.integers(0, 20), shares, confidences)
@example(0, 0.5, 0.5)
@example(0, 1e-4, 0.9999)
def test_the_calls_needed_are_enough_and_not_one_too_many(k: int, tolerated: float, confidence: float) -> None:
    n = clean_calls_needed(tolerated, confidence, k)
    assert upper_bound(k, n, confidence) <= tolerated
    assert upper_bound(k, n - 1, confidence) > tolerated


@given(
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_the_chance_of_a_fall_is_fishers_test(before: tuple[int, int], after: tuple[int, int]) -> None:
    (k, n), (k_after, n_after) = before, after
    expected = float(stats.hypergeom.cdf(k_after, n + n_after, k + k_after, n_after)) if n and n_after else 1.0
    assert chance_of_fall(before, after) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_the_chance_of_a_fall_is_scipys_fisher_exact() -> None:
    expected = float(stats.fisher_exact([[9, 50], [0, 59]], alternative="greater").pvalue)
    assert chance_of_fall((9, 59), (0, 59)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("calls", "confidence", "fallen"),
    [(3, 0.9, True), (2, 0.9, False), (5, 0.95, True), (4, 0.95, False), (5, 0.96, False)],
)
def test_a_chance_of_one_in_ten_is_rare_enough_for_nine_in_ten(calls: int, confidence: float, fallen: bool) -> None:
    # 2 of 2, then 0 of n: 1 in 6, 10, 15, 21. 1 - 0.9 is a little less than 0.1.
    assert has_fallen((2, 2), (0, calls), confidence) is fallen


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [3.0] * 50, [0.0, 0.0, 5e-324]])
def test_too_few_or_equal_values_have_no_autocorrelation(values: list[float]) -> None:
    assert autocorrelation(values) is None


def test_autocorrelation_by_hand() -> None:
    # mean 2; deviations -1 0 1; (-1*0 + 0*1) / 2 = 0.  Alternating: -1/1 pairs, n-1 of n.
    assert autocorrelation([1.0, 2.0, 3.0]) == pytest.approx(0)
    assert autocorrelation([0.0, 1.0] * 50) == pytest.approx(-0.99)
    assert autocorrelation([0.0] * 50 + [1.0] * 50) == pytest.approx(0.97)


@given(st.lists(st.floats(-1e6, 1e6), max_size=100))
def test_autocorrelation_lies_between_minus_one_and_one(values: list[float]) -> None:
    rho = autocorrelation(values)
    assert rho is None or -1 <= rho < 1


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, math.nan, math.inf])
def test_shares_out_of_range_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        upper_bound(0, 10, share)
    with pytest.raises(ValueError, match="tolerated"):
        clean_calls_needed(share, 0.95)


@pytest.mark.parametrize(("k", "n"), [(-1, 10), (11, 10)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="exceedances"):
        upper_bound(k, n, 0.95)


def test_independent_values_are_not_thinned() -> None:
    assert dependence([[0.0, 1.0] * 50, [1.0] * 100]).step == 1
    assert dependence([[]]) == (None, 1)


def test_the_step_brings_the_correlation_below_the_threshold() -> None:
    rho, step = dependence([[0.0, 1.0] * 50, [0.0] * 50 + [1.0] * 50])
    assert rho == pytest.approx(0.97)
    assert 0.97**step <= 0.3 < 0.97 ** (step - 1)


def test_in_a_short_series_a_high_correlation_proves_nothing() -> None:
    assert dependence([[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]]).step == 1


def test_values_within_the_scale_do_not_vary() -> None:
    assert list(varying([1.0, 1.05, 0.99], 0.25)) == []
    assert list(varying([1.0, 1.25], 0.25)) == [1.0, 1.25]
    assert list(varying([], 0.25)) == []


def test_phases_hold_the_whole_and_every_thinning() -> None:
    assert phases("abcdefg", 3) == ["abcdefg", "adg", "be", "cf"]
    assert phases("abc", 1) == ["abc"]
