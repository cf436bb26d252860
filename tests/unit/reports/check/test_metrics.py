"""What we write is what Prometheus' own Python client reads."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from confkit.reports.check.metrics import Metric, Sample, empty_histogram, exposition, one_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"))
TIMES = st.lists(st.floats(0, 100, allow_nan=False))
EDGES = st.lists(st.floats(0.001, 60, allow_nan=False), min_size=1)


@given(TEXT, TEXT, st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_survives(label: str, meaning: str, value: float) -> None:
    metric = Metric("luna_ha_x", "gauge", meaning, (Sample({"group": label, "other": "1"}, value),))
    (family,) = text_string_to_metric_families(exposition([metric]))
    assert (family.name, family.type) == ("luna_ha_x", "gauge")
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"group": label, "other": "1"}, value)]


@given(EDGES, TIMES, TIMES)
def test_a_histogram_counts_everything_at_or_below_its_edges(
    edges: list[float], first: list[float], second: list[float]
) -> None:
    histogram = empty_histogram(edges).plus(first).plus(second)
    metric = Metric("luna_ha_x_seconds", "histogram", "Times.", histogram.samples({"group": "g"}))
    (family,) = text_string_to_metric_families(exposition([metric]))
    buckets = {sample.labels["le"]: sample.value for sample in family.samples if sample.name.endswith("_bucket")}
    times = first + second
    assert set(buckets) == {repr(edge) for edge in edges} | {"+Inf"}
    for name, count in buckets.items():
        assert count == sum(time <= float(name) for time in times)
    total, count = (
        next(sample.value for sample in family.samples if sample.name.endswith(end)) for end in ("_sum", "_count")
    )
    assert math.isclose(total, sum(times), abs_tol=1e-9)
    assert count == len(times)


def test_one_of_is_one_for_the_current_word_alone() -> None:
    samples = one_of("down", ("up", "down"), "state", {"group": "g"})
    assert [(sample.labels["state"], sample.value) for sample in samples] == [("up", 0), ("down", 1)]
    assert [sample.value for sample in one_of(None, ("up", "down"), "state", {})] == [0, 0]


def test_a_metric_without_samples_is_left_out() -> None:
    assert exposition([Metric("luna_ha_x", "gauge", "Nothing.", ())]) == ""
