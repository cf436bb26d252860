"""A round of the exporter: a few calls at the configured statusTimeout, in a child process of their own.

It is light, so that it can be made every minute, and says only whether each member answers now. Everything is done anew
each time: the file is read, the library is loaded and initialised, the slot of the group is looked for. So an edited
file, an exchanged library or a renumbered slot is noticed, and nothing is left of a library that crashed or hung.
"""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confkit.check.checker import CLIENT_NAME, library_of
from confkit.core import timeout
from confkit.core.errors import ConfkitError, UnavailableError, UsageError
from confkit.core.storage.locate import VARIABLE
from confkit.core.storage.snapshot import read_configuration
from confkit.core.syntax import parse
from confkit.live import probe
from confkit.live.private_copy import private_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confkit.check.checker import Request
    from confkit.check.results import Call
    from confkit.core.syntax import Document

CALLS = 3
"""Calls of a round: the first follows C_Initialize directly and may be slower than those after it."""

_START_SECONDS = 60  # for loading, C_Initialize and the search for the slot; dead appliances make these slow


@dataclass(frozen=True)
class Round:
    """What came of a round.

    `configured_seconds` is None where the file could not be read or holds no usable value, `group` (a label) where none
    was found. `failure` says why there were not all calls; its stage is "configuration" before there was a process.
    """

    configured_seconds: int | None
    group: str | None
    calls: tuple[Call, ...]
    failure: probe.Failure | None


def make(request: Request) -> Round:
    """Make a round; it answers within 70 s and the time that the calls may take, whatever the library does."""
    seconds = None
    try:
        document = _read(request.config_path)
        seconds, line = timeout.configured(document)
        if seconds is None:
            raise UsageError(f"{timeout.KEY} on line {line} is no whole number from 3 to 60")
        library = request.library or library_of(document)
        if library is None:
            raise UnavailableError("section Chrystoki2 names no library for this platform: name one with --library")
        with _folder(document, request.config_path, seconds) as (folder, private):
            target = probe.Target(library, request.choice, {VARIABLE: folder}, private)
            return _made(probe.run(target, _schedule(seconds), random.SystemRandom()))
    except ConfkitError as error:
        return Round(seconds, None, (), probe.Failure("configuration", str(error)))


def _read(path: str) -> Document:
    return parse(read_configuration(path), os.path.basename(path))


def _schedule(seconds: int) -> probe.Schedule:
    budget = _START_SECONDS + CALLS * (seconds + probe.Schedule.grace_seconds)
    return probe.Schedule(calls=CALLS, limit_seconds=seconds, budget_seconds=budget)


@contextmanager
def _folder(document: Document, path: str, seconds: int) -> Iterator[tuple[str, str | None]]:
    """Yield the folder that the library is to find the file in, twice if it is a private copy."""
    folder, name = os.path.split(os.path.abspath(path))
    if name == CLIENT_NAME:
        yield folder, None
        return
    with private_copy(document, path, seconds) as copy:
        yield copy, copy


def _made(outcome: probe.Outcome) -> Round:
    failure = outcome.failure
    if failure is not None and failure.stage == "finalising":
        failure = None  # the calls are whole all the same
    if failure is None and not outcome.run.calls:
        failure = probe.Failure("starting", "The time for a round was over before the first call.")
    group = outcome.group.label if outcome.group else None
    return Round(outcome.run.limit_seconds, group, outcome.run.calls, failure)
