"""Run tasks side by side in threads that the end of the program does not wait for."""

from __future__ import annotations

from concurrent.futures import Future, wait
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Result = TypeVar("_Result")


def start(task: Callable[[], _Result]) -> Future[_Result]:
    """Start the task in a thread of its own; the future has its result, or raises what the task raised."""
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(task())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever asks for the result
            future.set_exception(error)

    # not an executor's: those are waited for when the program ends, and a resolver can take half a minute
    Thread(target=run, daemon=True).start()
    return future


def within(seconds: float, task: Callable[[], _Result]) -> _Result | None:
    """Return the result of the task, or None when it has none after this many seconds; it is then abandoned.

    For calls that take no time limit, such as the resolver's. An exception of the task is raised.
    """
    future = start(task)
    wait([future], seconds)
    return future.result() if future.done() else None


def as_completed(tasks: Sequence[Callable[[], _Result]]) -> Iterator[tuple[int, _Result]]:
    """Run all tasks at the same time; yield the number and the result of each as it ends. Exceptions are raised."""
    done: SimpleQueue[int] = SimpleQueue()
    futures = []
    for number, task in enumerate(tasks):
        future = start(task)
        future.add_done_callback(lambda _future, number=number: done.put(number))  # type: ignore[misc]
        futures.append(future)
    for _ in futures:
        number = done.get()
        yield number, futures[number].result()
