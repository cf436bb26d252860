"""Probes of an emulated group whose seconds are short: their calls in the time that the library believes in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confkit.live import probe

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from confkit.check.checker import Prober
    from confkit.live.calls import Call, ProbeResult
    from confkit.live.target import ProbeTarget, Schedule


def prober(second_ms: float) -> Prober:
    """Return what makes the calls where a second of the library lasts `second_ms` milliseconds (`running_group`)."""
    factor = 1000 / second_ms

    def longer(call: Call) -> Call:
        return replace(
            call,
            intended=factor * call.intended,
            started=factor * call.started,
            returned=None if call.returned is None else factor * call.returned,
            age_seconds=factor * call.age_seconds,
        )

    def run(
        target: ProbeTarget,
        schedule: Schedule,
        random_source: random.Random,
        on_progress: Callable[[str, int], None],
        enough: Callable[[Sequence[Call]], bool],
    ) -> ProbeResult:
        made = probe.run(
            target, schedule, random_source, on_progress, lambda calls: enough([longer(call) for call in calls])
        )
        return replace(made, run=replace(made.run, calls=tuple(longer(call) for call in made.run.calls)))

    return run
