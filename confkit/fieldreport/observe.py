"""Ask the library in a child process: each step has a deadline, and so has everything."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confkit.core.errors import UnavailableError
from confkit.live.child import Child
from confkit.live.interpreter import interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLS = 20
"""Timed calls for the group; one or two more are made for other slots."""

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# As for the worker of the live check: nothing in the current directory may replace a module of ours or Python's.
_START = f"import sys; sys.path.append({_ROOT!r}); from confkit.fieldreport.worker import main; main()"
_STEP_SECONDS = 60.0  # for a step that is no status call; C_Initialize waits for dead appliances
_GRACE_SECONDS = 3.0  # for a status call, beyond its limit
_BUDGET_SECONDS = 300.0  # for everything


@dataclass(frozen=True)
class Orders:
    """What to ask: `library` is a path, `choice` a slot number, a label or None, `calls` how many for the group.

    `environment` holds variables for the library. `directory` is a private one for the worker to remove if this
    process dies. `limit_seconds` is the statusTimeout under which the library runs.
    """

    library: str
    choice: int | str | None
    calls: int
    environment: Mapping[str, str]
    directory: str | None
    limit_seconds: int


@dataclass
class Observed:
    """What the worker reported, unchanged. `ended` says why it ended early, and at which step; None if it did not."""

    client: dict[str, Any] | None = None
    slots: list[dict[str, Any]] = field(default_factory=list)
    group: int | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    ended: str | None = None


def observe(orders: Orders) -> Observed:
    """Ask the library of `orders` everything; no child process is left. RuntimeError for an error in the worker."""
    words = {name: getattr(orders, name) for name in ("library", "choice", "calls", "directory")}
    command = interpreter("-c", _START, json.dumps(words))
    observed = Observed()
    try:
        child = Child(command, {**os.environ, **orders.environment})
    except OSError as error:
        raise UnavailableError(f"{sys.executable} cannot be started as a child process ({error.strerror}).") from error
    try:
        _listen(child, orders, observed)
    finally:
        child.kill()
    return observed


def _listen(child: Child, orders: Orders, observed: Observed) -> None:
    """Take in messages until the last one, the end of the process, or a deadline."""
    began = time.monotonic()
    stage, deadline = "starting", began + _STEP_SECONDS
    while not child.closed:
        for line in child.lines(max(0.0, deadline - time.monotonic())):
            message = _read(line)
            if "stage" in message:
                stage = message["stage"]
                longest = orders.limit_seconds + _GRACE_SECONDS if stage == "calling" else _STEP_SECONDS
                deadline = min(time.monotonic() + longest, began + _BUDGET_SECONDS)
            elif _take(message, observed):
                return
        if not child.closed and time.monotonic() >= deadline:
            observed.ended = f"{stage}: the library did not return in time, and was killed"
            return
    observed.ended = f"{stage}: the process {child.ending()}"


def _read(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return {"failed": "the output of the worker process is garbled: the library corrupted its memory"}
    return message


def _take(message: dict[str, Any], observed: Observed) -> bool:
    """Keep what a message says; True after the last one."""
    if "bug" in message:
        raise RuntimeError(message["bug"])
    if "slot" in message:
        observed.slots.append(message["slot"])
    elif "answer" in message:
        observed.answers.append(message["answer"])
    elif "client" in message:
        observed.client = message["client"]
    elif "group" in message:
        observed.group = message["group"]
    else:
        observed.ended = message.get("failed")
        return True
    return False
