"""How long a member takes to answer: laws from which delays are drawn."""

from __future__ import annotations

import itertools
import math
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def delays(law: str, values: list[float], seed: int) -> Iterator[float]:
    """Yield the delay of one request after the other, in ms.

    Laws: list (the values, over and over), normal (mean, standard deviation; never below 0), lognormal (median, sigma),
    pareto (minimum, exponent), bimodal (usual, other, share of the other).
    """
    chance = random.Random(seed)  # noqa: S311 - delays are no secret
    if law == "list":
        yield from itertools.cycle(values)
    while True:
        yield _draw(chance, law, *values)


def _draw(chance: random.Random, law: str, first: float, second: float, third: float = 0.0) -> float:
    match law:
        case "normal":
            return max(0.0, chance.gauss(first, second))
        case "lognormal":
            return chance.lognormvariate(math.log(first), second)
        case "pareto":
            return first * chance.paretovariate(second)
        case "bimodal":
            return second if chance.random() < third else first
    raise ValueError(f"there is no law {law}")
