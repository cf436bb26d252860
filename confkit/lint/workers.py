"""Do the same work with thousands of things in worker processes, one for each processor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

CHUNK = 20  # files that a worker takes at a time
AHEAD = 4  # chunks for each worker that are worked on or wait for who asked


def in_workers(work: Callable[[_Item], _Result], items: Sequence[_Item], processors: int) -> Generator[_Result]:
    """Yield what `work` returns for each of `items`, in their order. FileError when a worker is killed.

    That happens when memory runs out. Everything a worker needs, `work` too, is handed to it as data, so any way of
    starting it will do. Workers are at most a few chunks ahead of who asks, so that results do not pile up here.
    """
    executor = ProcessPoolExecutor(processors, initializer=_obey_the_parent)
    chunks = (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
    waiting = deque(executor.submit(_all_of, work, chunk) for chunk in islice(chunks, processors * AHEAD))
    try:
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(executor.submit(_all_of, work, chunk) for chunk in islice(chunks, 1))
    except BrokenProcessPool as error:
        raise FileError("a worker process was killed; was there too little memory? Lint fewer files at once") from error
    finally:
        executor.shutdown(cancel_futures=True)


def _all_of(work: Callable[[_Item], _Result], chunk: Sequence[_Item]) -> list[_Result]:
    return [work(item) for item in chunk]


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
