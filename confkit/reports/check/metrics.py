"""Metrics as plain data; prometheus_client, kept by the Prometheus project, prints them.

Base units, and names of counters end in _total: https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import bisect
import itertools
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

from confkit.core.extras import missing_extra

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prometheus_client.core import Metric as Family

_INFINITY = "+Inf"


class Sample(NamedTuple):
    """One value. `suffix` is what follows the metric's name: _bucket, _sum or _count of a histogram, else nothing."""

    labels: Mapping[str, str]
    value: float
    suffix: str = ""


class Metric(NamedTuple):
    """A metric and its samples; without samples it is not exposed."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    meaning: str
    samples: tuple[Sample, ...]


class Histogram(NamedTuple):
    """Values counted between rising `edges`; a value equal to an edge counts below it, as in Prometheus.

    `counts` has one item more than `edges`, for what is above the last one.
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
    """Return an empty histogram with these edges, given in any order."""
    rising = tuple(sorted(set(edges)))
    return Histogram(rising, (0,) * (len(rising) + 1), 0.0)


def one_of(current: str | None, words: Iterable[str], name: str, labels: Mapping[str, str]) -> tuple[Sample, ...]:
    """Return a sample for each of `words` as the label `name`: 1 for `current`, 0 for the others."""
    return tuple(Sample({**labels, name: word}, int(word == current)) for word in words)


def need_client(what: str) -> None:
    """Raise UnavailableError, with the command that installs it, where prometheus_client is not installed.

    `what` needs it, as the subject of a sentence. To be called before time is spent.
    """
    if not find_spec("prometheus_client"):
        raise missing_extra(what, "prometheus_client", "exporter")


def exposition(metrics: Iterable[Metric]) -> str:
    """Return `metrics` in the text format of Prometheus, version 0.0.4; those without a sample are left out."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - an extra of this package

    registry = CollectorRegistry()
    registry.register(_Fixed(tuple(families(metrics))))
    return generate_latest(registry).decode()


class _Fixed:
    """A collector, as prometheus_client calls it, of families that are there already; a registry wants it hashable."""

    def __init__(self, families: tuple[Family, ...]) -> None:
        self._families = families

    def collect(self) -> tuple[Family, ...]:
        """Return the families."""
        return self._families


def families(metrics: Iterable[Metric]) -> Iterator[Family]:
    """Yield `metrics` as prometheus_client has them; those without a sample are left out."""
    from prometheus_client.core import Metric as Family  # noqa: PLC0415 - as above

    for metric in metrics:
        if metric.samples:
            # prometheus_client adds _total to the names of counters itself
            family = Family(metric.name.removesuffix("_total"), metric.meaning, metric.kind)
            for sample in metric.samples:
                family.add_sample(metric.name + sample.suffix, dict(sample.labels), sample.value)
            yield family
