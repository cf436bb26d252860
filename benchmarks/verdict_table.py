"""How often a check reaches which answer, and after how many calls: the fixed plan of before and the sequential one.

Exact, by walking through all outcomes; call times are left out, so "sufficient" here means that T is proven. Run:
python -m benchmarks.verdict_table
"""

from __future__ import annotations

from typing import NamedTuple

from confkit.check.bounds import binomial_tail, lower_bound
from confkit.check.results import plan_for
from confkit.check.sequential import boundaries

SHARES = (0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 1.0)
BEFORE = 59


class Answers(NamedTuple):
    """Chances of both answers, and the mean number of calls."""

    proven: float
    refuted: float
    calls: float


def before(share: float) -> Answers:
    """Return the answers of 59 calls, looked at once: proven where all are clean, refuted from the exact bound on."""
    plan = plan_for()
    needed = next(k for k in range(BEFORE) if lower_bound(k, BEFORE, plan.confidence) > plan.tolerated)
    refuted = share if share in {0.0, 1.0} else 1 - binomial_tail(needed - 1, BEFORE, share)
    return Answers((1 - share) ** BEFORE, refuted, BEFORE)


def after(share: float) -> Answers:
    """Return the answers of the sequential plan, at most 400 calls."""
    plan = plan_for()
    lines = boundaries(plan.tolerated, plan.confidence, plan.calls)
    going, proven, refuted, calls = {0: 1.0}, 0.0, 0.0, 0.0
    for low, high in zip(*lines, strict=True):
        calls += sum(going.values())
        later: dict[int, float] = {}
        for k, chance in going.items():
            later[k] = later.get(k, 0.0) + chance * (1 - share)
            later[k + 1] = later.get(k + 1, 0.0) + chance * share
        proven += sum(chance for k, chance in later.items() if k <= low)
        refuted += sum(chance for k, chance in later.items() if k >= high)
        going = {k: chance for k, chance in later.items() if low < k < high}
    return Answers(proven, refuted, calls)


def table() -> str:
    """Return the table in Markdown."""
    rows = [
        "| true share | before: proven / refuted / open | calls | now: proven / refuted / open | calls, mean |",
        "|---|---|---|---|---|",
    ]
    for share in SHARES:
        old, new = before(share), after(share)
        cells = [_shown(one) for one in (old, new)]
        rows.append(f"| {100 * share:g} % | {cells[0]} | {old.calls:.0f} | {cells[1]} | {new.calls:.0f} |")
    return "\n".join(rows)


def _shown(found: Answers) -> str:
    rest = max(0.0, 1 - found.proven - found.refuted)
    return " / ".join(f"{100 * chance:.1f}" for chance in (found.proven, found.refuted, rest)) + " %"


if __name__ == "__main__":
    print(table())
