"""Lint thousands of files in worker processes, one for each processor."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from confkit.errors import FileError
from confkit.lint.run import lint_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confkit.lint.discovery import Target
    from confkit.lint.run import Linted, Plan

_CHUNK = 20  # files that a worker takes at a time


def lint_in_workers(targets: Sequence[Target], plan: Plan, processors: int) -> Iterator[Linted]:
    """Yield the results in the order of `targets`. FileError when a worker is killed, as when memory runs out.

    Everything a worker needs is handed to it as data, so any way of starting it will do.
    """
    executor = ProcessPoolExecutor(processors, initializer=_obey_the_parent)
    try:
        yield from executor.map(functools.partial(lint_target, plan=plan), targets, chunksize=_CHUNK)
    except BrokenProcessPool as error:
        raise FileError("a worker process was killed; was there too little memory? Lint fewer files at once") from error
    finally:
        executor.shutdown(cancel_futures=True)


def _obey_the_parent() -> None:
    """Leave the answer to an interrupt to the parent, and end with it, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    # without this a worker would wait for its next file for ever: its siblings hold the other end of the pipe open
    parent.join()
    os._exit(1)
