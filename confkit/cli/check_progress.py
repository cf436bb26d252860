"""How far a check is, on standard error: a bar on a terminal, lines in a pipe, nothing with --quiet."""

from __future__ import annotations

import contextlib
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confkit.core.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confkit.check.request import Progress

    Tell = Callable[[Progress], None]

_SECONDS = 10.0
"""At least so often there is a line in a pipe."""

_STAGES = {
    "main": "calls at statusTimeout",
    "ceiling": "telling slow members from those that are down",
    "head_room": "calls for head-room",
}


@contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[Tell]:
    """Yield the function that shows how far a check is."""
    if quiet or sys.stderr is None:
        yield lambda _progress: None
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


def _lines() -> Tell:
    """Return what writes a line for each run, each member that begins to fail, and at least every ten seconds.

    A standard error that is closed or full loses lines, and nothing else.
    """
    known: set[str] = set()
    last: dict[str, str | float] = {"run": "", "second": 0.0}

    def tell(progress: Progress) -> None:
        now = time.monotonic()
        run = f"{progress.purpose} {progress.limit_seconds}"
        news = [serial for serial in progress.failing if serial not in known]
        if run == last["run"] and not news and now - float(last["second"]) < _SECONDS:
            return
        last.update(run=run, second=now)
        known.update(news)
        failing = "".join(f"; {serial} failed" for serial in news)
        with contextlib.suppress(OSError, ValueError):
            print(escape(f"confkit check: {words(progress)}{failing}"), file=sys.stderr, flush=True)

    return tell


def words(progress: Progress) -> str:
    """Return where a check is: the stage in words, calls made, seconds gone and left."""
    left = max(0.0, progress.budget_seconds - progress.elapsed_seconds)
    return (
        f"{_STAGES[progress.purpose]} ({progress.limit_seconds} s): call {progress.made} of about {progress.planned}, "
        f"{progress.elapsed_seconds:.0f} s gone, at most {left:.0f} s left"
    )


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.console import Console  # noqa: PLC0415 - for a person who waits
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
    known: set[str] = set()
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", left="", total=None)

        def tell(progress: Progress) -> None:
            for serial in progress.failing:
                if serial not in known:
                    known.add(serial)
                    console.print(escape(f"member {serial} failed"), markup=False, highlight=False)
            left = max(0.0, progress.budget_seconds - progress.elapsed_seconds)
            description = f"{_STAGES[progress.purpose]}: {progress.stage}"
            bar.update(
                task,
                description=description,
                completed=progress.made,
                total=progress.planned,
                left=f"at most {left:.0f} s left",
            )

        yield tell
