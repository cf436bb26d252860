"""`confkit check` as it is, but with gaps that are known: `python -m benchmarks.live_check ARGUMENT ...`.

The gaps between calls are random; here a seed draws them, so that the spacing that was asked for is the same in every
run and can be counted. On standard error goes, as JSON, the CPU time of this process in seconds: `whole` (its start-up
included) and `probing` (while the calls were made, without the worker process), and how long `probing` lasted, `wall`.
"""

from __future__ import annotations

import functools
import json
import random
import resource
import sys
import time
from typing import TYPE_CHECKING

from confkit.live import probe
from confkit.live.target import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from confkit.live.calls import ProbeResult

SEED = 2023
MEAN_GAP = Schedule.mean_gap_seconds


def spacing(calls: int) -> float:
    """Return the seconds of all gaps that a run of `calls` calls asks for."""
    source = random.Random(SEED)  # noqa: S311 - a distance in time is no secret
    return sum(source.expovariate(1) * MEAN_GAP for _ in range(calls))


def cpu() -> float:
    """Return the seconds of CPU that this process has used, in user and in system mode."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measured(run: Callable[..., ProbeResult], figures: dict[str, float]) -> Callable[..., ProbeResult]:
    """Wrap `run`, so that it leaves in `figures` what it cost."""

    @functools.wraps(run)
    def wrapped(*arguments: object) -> ProbeResult:
        before, began = cpu(), time.monotonic()
        outcome = run(*arguments)
        figures.update(probing=cpu() - before, wall=time.monotonic() - began)
        return outcome

    return wrapped


def main() -> None:
    """Run the command, then tell what it cost."""
    from confkit.cli.main import main as confkit  # noqa: PLC0415 - as late as the plain command imports it

    figures: dict[str, float] = {}
    random.SystemRandom = functools.partial(random.Random, SEED)  # type: ignore[assignment, misc]
    probe.run = measured(probe.run, figures)
    try:
        confkit()
    finally:
        print(json.dumps({"whole": cpu(), **figures}), file=sys.stderr)


if __name__ == "__main__":
    main()
