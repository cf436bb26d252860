"""Do the same work with thousands of things in worker processes, one for each processor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from confkit.core.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_CHUNK = 20  # files that a worker takes at a time


def in_workers(work: Callable[[_Item], _Result], items: Sequence[_Item], processors: int) -> Iterator[_Result]:
    """Yield what `work` returns for each of `items`, in their order. FileError when a worker is killed.

    That happens when memory runs out. Everything a worker needs, `work` too, is handed to it as data, so any way of
    starting it will do.
    """
    executor = ProcessPoolExecutor(processors, initializer=_obey_the_parent)
    try:
        yield from executor.map(work, items, chunksize=_CHUNK)
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
