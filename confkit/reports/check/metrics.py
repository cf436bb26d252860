"""Metrics as plain data, and the text format in which Prometheus reads them.

https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4. Base units, counters end in _total.
"""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_INFINITY = "+Inf"


class Sample(NamedTuple):
    """One value. `suffix` is what follows the metric's name: _bucket, _sum or _count of a histogram, else nothing."""

    labels: Mapping[str, str]
    value: float
    suffix: str = ""


class Metric(NamedTuple):
    """A metric and its samples; none: nothing is known, and nothing is exposed."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    meaning: str
    samples: tuple[Sample, ...]


class Histogram(NamedTuple):
    """Values counted between `edges`, which rise; a value equal to an edge counts below it, as Prometheus has it.

    `counts` has one place more than `edges`, for what is above the last one.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    total: float

    def plus(self, values: Sequence[float]) -> Histogram:
        """Return this histogram with `values` counted as well."""
        counts = list(self.counts)
        for value in values:
            counts[bisect.bisect_left(self.edges, value)] += 1
        return self._replace(counts=tuple(counts), total=self.total + sum(values))

    def samples(self, labels: Mapping[str, str]) -> tuple[Sample, ...]:
        """Return the cumulative buckets, the sum and the count."""
        cumulative = itertools.accumulate(self.counts)
        names = [*(repr(float(edge)) for edge in self.edges), _INFINITY]
        buckets = [
            Sample({**labels, "le": name}, count, "_bucket") for name, count in zip(names, cumulative, strict=True)
        ]
        return (*buckets, Sample(labels, self.total, "_sum"), Sample(labels, sum(self.counts), "_count"))


def empty_histogram(edges: Iterable[float]) -> Histogram:
    """Return a histogram with these edges, in any order, each of them once."""
    rising = tuple(sorted(set(edges)))
    return Histogram(rising, (0,) * (len(rising) + 1), 0.0)


def one_of(current: str | None, words: Iterable[str], name: str, labels: Mapping[str, str]) -> tuple[Sample, ...]:
    """Return a sample for each of `words` as the label `name`: 1 for `current`, 0 for the others."""
    return tuple(Sample({**labels, name: word}, int(word == current)) for word in words)


def exposition(metrics: Iterable[Metric]) -> str:
    """Return the text of `metrics`; those without a sample are left out."""
    return "".join(_family(metric) for metric in metrics if metric.samples)


def _family(metric: Metric) -> str:
    meaning = metric.meaning.replace("\\", r"\\").replace("\n", r"\n")
    head = f"# HELP {metric.name} {meaning}\n# TYPE {metric.name} {metric.kind}\n"
    return head + "".join(f"{metric.name}{_line(sample)}\n" for sample in metric.samples)


def _line(sample: Sample) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
    return f"{sample.suffix}{{{pairs}}} {sample.value!r}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
